namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>install</c>, <c>changelog</c>, <c>backup</c> and <c>options</c>.</summary>
internal static class FileRules
{
    /// <summary>Those of makepkg 6.0, and autodeps of 6.1.</summary>
    private static readonly HashSet<string> Options =
    [
        "strip", "debug", "docs", "libtool", "staticlibs", "emptydirs", "zipman", "purge", "autodeps",
        "ccache", "distcc", "buildflags", "makeflags", "lto",
    ];

    internal static void Check(LintReport report)
    {
        foreach (var (function, scope) in report.Scopes)
        {
            foreach (var field in new[] { "install", "changelog" })
            {
                if (scope.String(field) is { Length: > 0 } name && !IsRegularFile(Path.Combine(report.Pkgbuild.StartDirectory, name)))
                {
                    report.Add(
                        LintSeverity.Fatal, field, $"{field} file {Printable.Quote(name)} does not exist beside the PKGBUILD, or is no regular file", field, function, name);
                }
            }
        }

        foreach (var (value, function) in report.MembersOf("backup"))
        {
            if (value.StartsWith('/'))
            {
                report.Add(LintSeverity.Fatal, "backup", $"backup: {Printable.Quote(value)} begins with '/'; name it from $pkgdir on", function: function, value: value);
            }
        }

        foreach (var (value, function) in report.MembersOf("options"))
        {
            if (!Options.Contains(value.StartsWith('!') ? value[1..] : value))
            {
                report.Add(
                    LintSeverity.Fatal,
                    "options",
                    $"options: {Printable.Quote(value)} is unknown; there are {string.Join(", ", Options.Order(StringComparer.Ordinal))}, each also with '!' before it",
                    function: function,
                    value: value);
            }
        }
    }

    private static bool IsRegularFile(string path)
    {
        try
        {
            return NativeFile.Status(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Type == FileStatus.Regular;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
