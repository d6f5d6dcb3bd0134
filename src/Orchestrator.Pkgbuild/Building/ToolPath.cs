namespace Orchestrator.Pkgbuild;

/// <summary>Finds commands as a shell would.</summary>
/// <param name="path">The folders to look in, as in <c>PATH</c>.</param>
internal sealed class ToolPath(string? path)
{
    // Programs of Windows have one of these; scripts of MSYS2 have none, and say by their first line what runs them.
    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? [".exe", ".com", ".bat", ".cmd", ""] : [""];

    private readonly string[] folders = [.. (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(Unquoted)];

    /// <summary>The full path of a command; null if there is none.</summary>
    internal string? Find(string command) => command.Contains('/', StringComparison.Ordinal)
        ? null
        : folders.SelectMany(folder => Extensions.Select(extension => Path.Combine(folder, command + extension)))
            .FirstOrDefault(file => File.Exists(file) && NativeFile.IsExecutable(file));

    private static string Unquoted(string folder) => OperatingSystem.IsWindows() ? folder.Trim(' ', '"') : folder;
}
