namespace Orchestrator.Processes;

/// <summary>Something that happened in a run, as the supervisor tells it while it happens.</summary>
/// <param name="Time">When it happened.</param>
public abstract record RunEvent(DateTimeOffset Time)
{
    /// <summary>The command runs.</summary>
    /// <param name="Time">When it happened.</param>
    /// <param name="ProcessId">PID of the command; of the keeper itself where there is no command.</param>
    /// <param name="ProcessGroupId">The group that the command leads.</param>
    /// <param name="Containment">What holds the run.</param>
    /// <param name="Run">Name of the run: the last part of <c>ORCHESTRATOR_RUN</c> in its processes.</param>
    public sealed record Started(DateTimeOffset Time, int ProcessId, int ProcessGroupId, Containment Containment, string Run) : RunEvent(Time)
    {
        /// <summary>Why <see cref="Containment.Auto"/> did not take a stronger level; null if it did, or if a level was asked for.</summary>
        public string? Fallback { get; init; }
    }

    /// <summary>A descendant was found outside the group.</summary>
    /// <param name="Time">When it was found.</param>
    /// <param name="Reason">Why the run is being ended.</param>
    /// <param name="Process">Which one.</param>
    public sealed record Escaped(DateTimeOffset Time, RunEnd Reason, ProcessName Process) : RunEvent(Time);

    /// <summary>A process was found alive after the command itself had exited.</summary>
    /// <param name="Time">When it was found.</param>
    /// <param name="Process">Which one.</param>
    public sealed record LeftOver(DateTimeOffset Time, ProcessName Process) : RunEvent(Time)
    {
        /// <summary>Whether it has a name that is allowed (<see cref="SupervisedCommand.AllowedLeftovers"/>).</summary>
        public bool IsAllowed { get; init; }
    }

    /// <summary>The run is being ended.</summary>
    /// <param name="Time">When it began.</param>
    /// <param name="Reason">Why: <see cref="RunEnd.Cancelled"/>, <see cref="RunEnd.OwnerExited"/>, <see cref="RunEnd.TimedOut"/> or <see cref="RunEnd.Leftovers"/>.</param>
    /// <param name="ProcessGroupId">The group that is ended, 0 for a keeper.</param>
    /// <param name="Signal">Name of the first signal, without SIG.</param>
    public sealed record Cancelling(DateTimeOffset Time, RunEnd Reason, int ProcessGroupId, string Signal) : RunEvent(Time);

    /// <summary>A signal was sent to the group and to every escapee.</summary>
    /// <param name="Time">When it was sent.</param>
    /// <param name="Reason">Why the run is being ended.</param>
    /// <param name="Signal">Its name, without SIG.</param>
    /// <param name="ProcessGroupId">The group.</param>
    /// <param name="Processes">How many processes it went to.</param>
    public sealed record Signalled(DateTimeOffset Time, RunEnd Reason, string Signal, int ProcessGroupId, int Processes) : RunEvent(Time);

    /// <summary>The command itself ended; its descendants may live on.</summary>
    /// <param name="Time">When it ended.</param>
    /// <param name="Status">Exit status, if it exited.</param>
    /// <param name="Signal">Name of the signal that ended it, without SIG, if one did.</param>
    public sealed record Exited(DateTimeOffset Time, int? Status, string? Signal) : RunEvent(Time);

    /// <summary>Nothing of the run is alive any more.</summary>
    /// <param name="Time">When the last one was gone.</param>
    /// <param name="SinceCancelling">How long it took to end the run; zero if it ended by itself.</param>
    /// <param name="Killed">How many processes needed SIGKILL.</param>
    public sealed record Empty(DateTimeOffset Time, TimeSpan SinceCancelling, int Killed) : RunEvent(Time);

    /// <summary>What the run used, of all processes that were waited for (<c>getrusage(2)</c>, RUSAGE_CHILDREN).</summary>
    /// <param name="Time">When it was measured.</param>
    /// <param name="CpuTime">User and system time together.</param>
    /// <param name="PeakMemory">The largest resident set of one process, in bytes.</param>
    public sealed record Usage(DateTimeOffset Time, TimeSpan CpuTime, long PeakMemory) : RunEvent(Time);

    /// <summary>The work directory is gone.</summary>
    /// <param name="Time">When it was removed.</param>
    /// <param name="Path">Its path.</param>
    public sealed record WorkDirectoryRemoved(DateTimeOffset Time, string Path) : RunEvent(Time);

    /// <summary>A process outlived SIGKILL: it sleeps in the kernel, or it is another user's.</summary>
    /// <param name="Time">When it was given up.</param>
    /// <param name="Process">Which one.</param>
    public sealed record Survived(DateTimeOffset Time, ProcessName Process) : RunEvent(Time);

    /// <summary>The supervisor could not do what was asked.</summary>
    /// <param name="Time">When it failed.</param>
    /// <param name="Message">What was wrong.</param>
    public sealed record Failed(DateTimeOffset Time, string Message) : RunEvent(Time);
}
