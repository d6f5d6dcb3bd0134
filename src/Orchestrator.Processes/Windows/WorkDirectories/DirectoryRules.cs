using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows.WorkDirectories;

/// <summary>What is no place for a work directory: everything in one is removed.</summary>
[SupportedOSPlatform("windows")]
internal static class DirectoryRules
{
    /// <summary>Why a full path is none; null if it may be.</summary>
    internal static string? Refusal(string path) =>
        string.IsNullOrEmpty(Path.GetDirectoryName(path)) ? "it is the root of a volume"
        : Holds(path, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) || Holds(path, Environment.CurrentDirectory)
            ? "it is, or holds, your home or the current directory, which would be removed with it"
        : !Directory.Exists(Path.GetDirectoryName(path)) ? $"No such file or directory: {Path.GetDirectoryName(path)}"
        : LinkRefusal(path);

    /// <summary>Why a path is none: it leads elsewhere.</summary>
    internal static string? LinkRefusal(string path) =>
        new DirectoryInfo(path) is { Exists: true } directory && directory.Attributes.HasFlag(FileAttributes.ReparsePoint)
            ? "it is a symbolic link, a junction or a mounted volume"
            : null;

    private static bool Holds(string path, string other) =>
        other.Length > 0 && (Path.TrimEndingDirectorySeparator(other) + @"\").StartsWith(path + @"\", StringComparison.OrdinalIgnoreCase);
}
