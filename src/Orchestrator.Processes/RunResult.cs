namespace Orchestrator.Processes;

/// <summary>How a run ended.</summary>
public sealed record RunResult
{
    /// <summary>
    /// The command's own exit status if it ended by itself, 128 + n if signal n ended it; for a run that was ended:
    /// 128 + the signal that cancelled it, 143 if its owner died, 124 if it timed out, 120 if it left processes behind
    /// and was not to, 125 if something survived.
    /// </summary>
    public required int ExitCode { get; init; }

    /// <summary>What ended the run.</summary>
    public required RunEnd EndedBy { get; init; }

    /// <summary>Name of the signal that ended the command, without SIG (<c>KILL</c>); null if it exited.</summary>
    public string? Signal { get; init; }

    /// <summary>The group that the command led; 0 if it never started.</summary>
    public int ProcessGroupId { get; init; }

    /// <summary>What held the run.</summary>
    public Containment Containment { get; init; }

    /// <summary>Why <see cref="Containment.Auto"/> did not take a stronger level; null if it did, or if a level was asked for.</summary>
    public string? ContainmentFallback { get; init; }

    /// <summary>From the start of the supervisor until the run was empty.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>User and system time of the command and of all its descendants that were waited for.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>The largest resident set of one process of the run, in bytes.</summary>
    public long PeakMemory { get; init; }

    /// <summary>Descendants that had left the group when the run was ended.</summary>
    public IReadOnlyList<ProcessName> Escapees { get; init; } = [];

    /// <summary>Processes that were still alive after the command itself had exited.</summary>
    public IReadOnlyList<ProcessName> Leftovers { get; init; } = [];

    /// <summary>Processes that not even SIGKILL ended.</summary>
    public IReadOnlyList<ProcessName> Survivors { get; init; } = [];

    /// <summary>Whether the command exited by itself with status 0.</summary>
    public bool IsSuccess => EndedBy == RunEnd.Exited && ExitCode == 0;
}
