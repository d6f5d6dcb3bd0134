namespace Orchestrator.Processes;

/// <summary>What a sweep found of runs that had died without cleaning up.</summary>
/// <param name="Removed">Work directories that were removed.</param>
/// <param name="Ended">Processes that still lived and were ended: of the runs of those directories, and of control groups whose supervisors are dead, wherever the work root of their runs is.</param>
/// <param name="Problems">What could not be removed, and why.</param>
public sealed record SweepResult(
    IReadOnlyList<string> Removed,
    IReadOnlyList<ProcessName> Ended,
    IReadOnlyList<string> Problems);
