using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>Writes a new version into a PKGBUILD, where makepkg writes it: on lines that begin with <c>pkgver=</c> and <c>pkgrel=</c>.</summary>
internal static partial class VersionRewriting
{
    /// <summary>The contents of a PKGBUILD with another version, and <c>pkgrel=1</c>; every other byte is as it was.</summary>
    internal static byte[] Apply(byte[] contents, string version)
    {
        // A PKGBUILD need not be UTF-8: as Latin-1 every byte comes through.
        var text = PkgVerAssignment().Replace(Encoding.Latin1.GetString(contents), _ => $"pkgver={version}");
        return Encoding.Latin1.GetBytes(PkgRelAssignment().Replace(text, "pkgrel=1"));
    }

    /// <summary>Does so in the file itself, in one step.</summary>
    /// <returns>Why it cannot be done; null if it was.</returns>
    internal static string? Update(string path, string version)
    {
        try
        {
            var contents = Apply(File.ReadAllBytes(path), version);
            WholeFile.Write(path, stream => stream.Write(contents));
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    [GeneratedRegex(@"^pkgver=[^ \n]*", RegexOptions.Multiline)]
    private static partial Regex PkgVerAssignment();

    [GeneratedRegex(@"^pkgrel=[^ \n]*", RegexOptions.Multiline)]
    private static partial Regex PkgRelAssignment();
}
