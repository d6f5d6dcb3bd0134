namespace Orchestrator.Processes;

/// <summary>What ended a run.</summary>
public enum RunEnd
{
    /// <summary>The command exited by itself.</summary>
    Exited,

    /// <summary>A signal that did not come from us ended the command.</summary>
    Signalled,

    /// <summary>The run was cancelled by its owner.</summary>
    Cancelled,

    /// <summary>The run took longer than its timeout.</summary>
    TimedOut,

    /// <summary>A process that the run depended on is gone.</summary>
    OwnerExited,

    /// <summary>The command exited and left processes behind, which <see cref="LeftoversPolicy.Fail"/> does not allow.</summary>
    Leftovers,
}
