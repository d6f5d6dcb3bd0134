namespace Orchestrator.Pkgbuild;

/// <summary>Finds commands as a shell would.</summary>
/// <param name="path">The folders to look in, as in <c>PATH</c>.</param>
internal sealed class ToolPath(string? path)
{
    private readonly string[] folders = (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The full path of a command; null if there is none.</summary>
    internal string? Find(string command) => command.Contains('/', StringComparison.Ordinal)
        ? null
        : folders.Select(folder => Path.Combine(folder, command)).FirstOrDefault(file => File.Exists(file) && NativeFile.IsExecutable(file));
}
