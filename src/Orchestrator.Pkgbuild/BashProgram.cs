namespace Orchestrator.Pkgbuild;

/// <summary>The bash that runs PKGBUILDs: <c>bash</c> in <c>PATH</c>; on Windows that of MSYS2 or of Git for Windows.</summary>
internal static class BashProgram
{
    private const string Name = "bash.exe";
    private static readonly Lazy<string?> OnWindows = new(() => Find(Environment.GetEnvironmentVariable("PATH") ?? "", Environment.GetEnvironmentVariable, File.Exists));

    /// <summary>What is started.</summary>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.MissingTool"/>: there is none on this Windows.</exception>
    internal static string Path =>
        !OperatingSystem.IsWindows() ? "bash"
        : OnWindows.Value ?? throw new PkgbuildException(
            MakepkgExitCode.MissingTool,
            "no bash was found: PKGBUILDs need that of MSYS2 or of Git for Windows, in PATH or where these are usually installed (the one in System32 is that of WSL, which is another system)");

    /// <summary>Finds one on Windows.</summary>
    /// <param name="path">Folders, with semicolons between.</param>
    /// <param name="variable">Value of an environment variable; null if there is none.</param>
    /// <param name="exists">Whether a file exists.</param>
    internal static string? Find(string path, Func<string, string?> variable, Func<string, bool> exists)
    {
        var folders = path.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(folder => folder.Trim('"').TrimEnd('\\')).ToList();
        IEnumerable<string> places =
        [
            .. folders.Where(folder => !IsOfWindows(folder)).Select(folder => $@"{folder}\{Name}"),
            // The installer of Git for Windows puts git in PATH, but bash not.
            .. folders.Where(folder => exists($@"{folder}\git.exe")).Select(folder => $@"{Above(folder)}\bin\{Name}"),
            .. Usual(variable).Select(folder => $@"{folder}\{Name}"),
        ];
        return places.FirstOrDefault(exists);
    }

    // WSL's bash.exe starts another system: its processes are in no job of ours, and it has other paths.
    private static bool IsOfWindows(string folder) =>
        folder.EndsWith(@"\System32", StringComparison.OrdinalIgnoreCase)
        || folder.EndsWith(@"\Sysnative", StringComparison.OrdinalIgnoreCase)
        || folder.EndsWith(@"\WindowsApps", StringComparison.OrdinalIgnoreCase);

    private static string Above(string folder) => folder[..Math.Max(0, folder.LastIndexOf('\\'))];

    private static IEnumerable<string> Usual(Func<string, string?> variable)
    {
        foreach (var (root, below) in ((string, string)[])
            [
                ("SystemDrive", @"msys64\usr\bin"),
                ("ProgramFiles", @"Git\bin"),
                ("ProgramFiles(x86)", @"Git\bin"),
                ("LocalAppData", @"Programs\Git\bin"),
            ])
        {
            if (variable(root) is { Length: > 0 } found)
            {
                yield return $@"{found.TrimEnd('\\')}\{below}";
            }
        }
    }
}
