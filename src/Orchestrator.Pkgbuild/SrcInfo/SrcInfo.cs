using System.Text;

namespace Orchestrator.Pkgbuild;

/// <summary>Writes <c>.SRCINFO</c>, the metadata of a PKGBUILD as text, byte for byte as <c>makepkg --printsrcinfo</c> does.</summary>
public static class SrcInfo
{
    private static readonly string[] GlobalStrings = ["pkgdesc", "pkgver", "pkgrel", "epoch", "url", "install", "changelog"];

    private static readonly string[] GlobalArrays =
    [
        "arch", "groups", "license", "checkdepends", "makedepends", "depends", "optdepends", "provides", "conflicts",
        "replaces", "noextract", "options", "backup", "source", "validpgpkeys", .. PkgbuildSchema.Sums,
    ];

    private static readonly string[] PackageStrings = ["pkgdesc", "url", "install", "changelog"];

    private static readonly string[] PackageArrays =
    [
        "arch", "groups", "license", "checkdepends", "depends", "optdepends", "provides", "conflicts", "replaces",
        "options", "backup",
    ];

    private static readonly string[] ArchitectureArrays =
    [
        "source", "provides", "conflicts", "depends", "replaces", "optdepends", "makedepends", "checkdepends",
        .. PkgbuildSchema.Sums,
    ];

    /// <summary>
    /// Writes the section of the pkgbase, then one for each pkgname with what its function overrides. The PKGBUILD is to be
    /// one in which <see cref="PkgbuildLinter"/> finds nothing <see cref="LintSeverity.Fatal"/>: makepkg writes nothing for others.
    /// </summary>
    /// <returns>The text, with LF line ends; <see cref="WriteBytes"/> encodes it.</returns>
    public static string Write(Pkgbuild pkgbuild)
    {
        StringBuilder text = new();
        text.Append("pkgbase = ").Append(pkgbuild.BaseName).Append('\n');
        WriteFields(text, GlobalStrings, GlobalArrays, pkgbuild.Fields, pkgbuild.Fields.Array("arch"), isOverride: false);
        foreach (var name in pkgbuild.Names)
        {
            text.Append("\npkgname = ").Append(name).Append('\n');
            if (pkgbuild.Overrides.TryGetValue(name, out var overrides))
            {
                var architectures = overrides.Arrays.GetValueOrDefault("arch") ?? pkgbuild.Fields.Array("arch");
                WriteFields(text, PackageStrings, PackageArrays, overrides, architectures, isOverride: true);
            }
        }

        return text.ToString();
    }

    /// <summary>The text of <see cref="Write"/> as a file has it: UTF-8, and the bytes of the PKGBUILD that are none as they are.</summary>
    public static byte[] WriteBytes(Pkgbuild pkgbuild) => Bash.ByteText.Encode(Write(pkgbuild));

    private static void WriteFields(
        StringBuilder text,
        IEnumerable<string> strings,
        IEnumerable<string> arrays,
        PkgbuildFields fields,
        IEnumerable<string> architectures,
        bool isOverride)
    {
        // What is empty is written only where it overrides something.
        foreach (var name in strings)
        {
            if (fields.String(name) is { } value && (isOverride || value.Length > 0))
            {
                WriteLine(text, name, value);
            }
        }

        // 'any' has no fields of its own.
        foreach (var name in arrays.Concat(
            architectures.Where(architecture => architecture != "any")
                .SelectMany(architecture => ArchitectureArrays.Select(array => $"{array}_{architecture}"))))
        {
            if (fields.Arrays.TryGetValue(name, out var values))
            {
                foreach (var value in isOverride && values.Count == 0 ? [""] : values)
                {
                    WriteLine(text, name, value);
                }
            }
        }
    }

    /// <summary>Writes a line, in which each run of white space is one space, and none stands at either end.</summary>
    private static void WriteLine(StringBuilder text, string name, string value)
    {
        text.Append('\t').Append(name).Append(" = ");
        var isFirst = true;
        var isSpace = false;
        foreach (var character in value)
        {
            if (IsSpace(character))
            {
                isSpace = true;
                continue;
            }

            if (isSpace && !isFirst)
            {
                text.Append(' ');
            }

            (isFirst, isSpace) = (false, false);
            text.Append(character);
        }

        text.Append('\n');
    }

    // iswspace(3) of a UTF-8 locale of glibc, where what may not be broken at is no white space.
    private static bool IsSpace(char character) => character switch
    {
        '\u0085' or '\u00a0' or '\u2007' or '\u202f' => false,
        _ => char.IsWhiteSpace(character),
    };
}
