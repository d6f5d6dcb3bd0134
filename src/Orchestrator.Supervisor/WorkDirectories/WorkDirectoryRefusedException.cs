namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>A work directory that is not ours to remove, or that cannot be used.</summary>
internal sealed class WorkDirectoryRefusedException(string path, string reason)
    : Exception($"work directory '{path}' refused: {reason}");
