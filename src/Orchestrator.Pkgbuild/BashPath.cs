namespace Orchestrator.Pkgbuild;

/// <summary>
/// Paths as bash has them. On Windows those of MSYS2 and of Git for Windows: <c>/c/folder</c> for <c>C:\folder</c>, which is what
/// makepkg there finds itself in, and what their programs turn back for programs of Windows. Elsewhere paths are as they are.
/// </summary>
internal static class BashPath
{
    private const string Verbatim = @"\\?\";
    private const string VerbatimShare = @"\\?\UNC\";

    /// <summary>The variables that MSYS2 makes paths of its own of, and those that bash has from the place where it runs.</summary>
    internal static IReadOnlyList<string> RewrittenVariables { get; } = ["PATH", "HOME", "SHELL", "TMPDIR", "TMP", "TEMP", "PWD", "OLDPWD"];

    /// <summary>A full path for bash.</summary>
    internal static string Of(string path) => OperatingSystem.IsWindows() ? FromWindows(path) : path;

    /// <summary>A path of bash for us.</summary>
    internal static string Native(string path) => OperatingSystem.IsWindows() ? ToWindows(path) : path;

    /// <summary>A name in a package, as what made it has it.</summary>
    internal static string MemberName(string name) => OperatingSystem.IsWindows() ? FromStored(name) : name;

    /// <summary>
    /// Programs of MSYS2 keep what Windows allows in no name, such as the colons of <c>Foo::Bar.3pm</c>, in the private use area of
    /// Unicode (<see href="https://cygwin.com/cygwin-ug-net/using-specialnames.html">Special filenames</see>).
    /// </summary>
    internal static string FromStored(string name) =>
        string.Concat(name.Select(character => character is > '\uF000' and <= '\uF07F' ? (char)(character - '\uF000') : character));

    internal static string FromWindows(string path)
    {
        var plain = path.StartsWith(VerbatimShare, StringComparison.Ordinal) ? @"\\" + path[VerbatimShare.Length..]
            : path.StartsWith(Verbatim, StringComparison.Ordinal) ? path[Verbatim.Length..]
            : path;
        plain = plain.Replace('\\', '/');
        return plain is [var drive, ':', ..] && char.IsAsciiLetter(drive) ? $"/{char.ToLowerInvariant(drive)}{plain[2..]}" : plain;
    }

    internal static string ToWindows(string path) => path switch
    {
        ['/', var drive, ':', ..] when char.IsAsciiLetter(drive) => path[1..].Replace('/', '\\'), // as in file:///C:/folder
        ['/', var drive] when char.IsAsciiLetter(drive) => $@"{char.ToUpperInvariant(drive)}:\",
        ['/', var drive, '/', ..] when char.IsAsciiLetter(drive) => $"{char.ToUpperInvariant(drive)}:{path[2..].Replace('/', '\\')}",
        ['/', '/', not '/', ..] => path.Replace('/', '\\'),
        _ => path,
    };
}
