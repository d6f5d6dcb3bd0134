namespace Orchestrator.Processes;

/// <summary>A process whose death cancels a run.</summary>
/// <param name="ProcessId">Its PID.</param>
/// <param name="StartTime">
/// When it started, in clock ticks since boot, as in <c>/proc/PID/stat</c> (<c>proc(5)</c>); on Windows when it was created, in units of 100 ns
/// since 1601 (FILETIME, as <c>Process.StartTime.ToFileTimeUtc()</c>); so that a PID that was given
/// to another process meanwhile cannot deceive; null to trust the number.
/// </param>
public readonly record struct RunOwner(int ProcessId, ulong? StartTime = null)
{
    internal string ToOption() => StartTime is { } start ? FormattableString.Invariant($"{ProcessId}:{start}") : FormattableString.Invariant($"{ProcessId}");
}
