using Orchestrator.Processes;

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

    /// <summary>A program that every system with a bash has. On Windows bash starts it, so that it is bash's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments, paths as bash has them.</param>
    internal static SupervisedCommand Tool(string name, params string[] arguments) => OperatingSystem.IsWindows()
        ? SupervisedCommand.Create(Path, ["--norc", "--noprofile", "-c", "exec \"$@\"", "bash", name, .. arguments])
        : SupervisedCommand.Create(name, arguments);

    /// <summary>Where what a build runs looks for programs: on Windows those of bash come before those of the system that have the same names.</summary>
    internal static string? SearchPath(BuildOptions options) =>
        SearchPath(options.Environment.TryGetValue("PATH", out var chosen) ? chosen : Environment.GetEnvironmentVariable("PATH"));

    /// <summary>The same for any <c>PATH</c>.</summary>
    internal static string? SearchPath(string? path) =>
        OperatingSystem.IsWindows() && OnWindows.Value is { } bash ? WithTools(path ?? "", ToolFolder(bash, Directory.Exists)) : path;

    /// <summary>Puts the tools of bash first in a <c>PATH</c> of Windows, where those of the system (<c>find</c>, <c>sort</c>, <c>tar</c>) would be.</summary>
    internal static string WithTools(string path, string tools) =>
        Folders(path).TakeWhile(folder => !IsOfWindows(folder)).Contains(tools, StringComparer.OrdinalIgnoreCase) ? path : $"{tools};{path}";

    /// <summary>The folder of the programs that belong to a bash on Windows: that of Git for Windows has one in <c>bin</c> that only starts the other.</summary>
    internal static string ToolFolder(string bash, Func<string, bool> exists)
    {
        var folder = Above(bash);
        return $@"{Above(folder)}\usr\bin" is var tools && exists(tools) ? tools : folder;
    }

    /// <summary>Where libraries of MSYS2 are on Windows: its own, and those of the environment that <c>MSYSTEM</c> names.</summary>
    internal static IEnumerable<string> LibraryPrefixes
    {
        get
        {
            if (OnWindows.Value is not { } bash)
            {
                yield break;
            }

            var own = Above(ToolFolder(bash, Directory.Exists));
            yield return own;
            if (Environment.GetEnvironmentVariable("MSYSTEM") is { Length: > 0 } chosen && chosen != "MSYS")
            {
                yield return $@"{Above(own)}\{chosen}"; // MINGW64 is in mingw64: names are the same in any case
            }
        }
    }

    /// <summary>Finds one on Windows.</summary>
    /// <param name="path">Folders, with semicolons between.</param>
    /// <param name="variable">Value of an environment variable; null if there is none.</param>
    /// <param name="exists">Whether a file exists.</param>
    internal static string? Find(string path, Func<string, string?> variable, Func<string, bool> exists)
    {
        var folders = Folders(path);
        IEnumerable<string> places =
        [
            .. folders.Where(folder => !IsOfWindows(folder)).Select(folder => $@"{folder}\{Name}"),
            // The installer of Git for Windows puts git in PATH, but bash not.
            .. folders.Where(folder => exists($@"{folder}\git.exe")).Select(folder => $@"{Above(folder)}\bin\{Name}"),
            .. Usual(variable).Select(folder => $@"{folder}\{Name}"),
        ];
        return places.FirstOrDefault(exists);
    }

    private static List<string> Folders(string path) =>
        [.. path.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(folder => folder.Trim('"').TrimEnd('\\'))];

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
