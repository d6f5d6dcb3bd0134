namespace Orchestrator.Processes;

/// <summary>What people read of a run that is being ended.</summary>
public static class RunNarration
{
    /// <summary>The first line of every cancelled build, also where nothing was running at that moment.</summary>
    public const string Cancelled = "==> Build cancelled, killing process group...";

    /// <summary>The lines for an event; none for most.</summary>
    /// <param name="happened">An event of a run, from <see cref="SupervisedCommand.WithEvents"/>.</param>
    /// <returns>Lines without line ends, in order.</returns>
    public static IEnumerable<string> Lines(RunEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened switch
        {
            RunEvent.Cancelling { Reason: not RunEnd.Leftovers, ProcessGroupId: > 0 } cancelling =>
                [Cancelled, FormattableString.Invariant($"==> Killing process group PGID: {cancelling.ProcessGroupId}")],
            RunEvent.Signalled { Reason: not RunEnd.Leftovers } signalled => [$"==> SIG{signalled.Signal} sent to process group"],
            RunEvent.Escaped { Reason: not RunEnd.Leftovers } escaped => [$"==> Killing escaped process {escaped.Process}"],
            RunEvent.LeftOver { IsAllowed: true } allowed => [$"==> Left running, as allowed: {allowed.Process}"],
            RunEvent.LeftOver leftover => [$"==> WARNING: a process was left behind: {leftover.Process}"],
            RunEvent.Survived survived => [$"==> WARNING: 1 process could not be killed: {survived.Process}"],
            RunEvent.WorkDirectoryRemoved removed => [$"==> Work directory removed: {removed.Path}"],
            _ => [],
        };
    }

    /// <summary>The one error that ends a cancelled build.</summary>
    /// <param name="end">What ended it.</param>
    /// <param name="timeout">After how long, for <see cref="RunEnd.TimedOut"/>.</param>
    /// <returns>For example <c>Build cancelled by user</c>.</returns>
    public static string Error(RunEnd end, TimeSpan timeout = default) => end switch
    {
        RunEnd.TimedOut => FormattableString.Invariant($"Build timed out after {timeout.TotalSeconds:0.###} s"),
        RunEnd.OwnerExited => "Build cancelled: its owner exited",
        _ => "Build cancelled by user",
    };
}
