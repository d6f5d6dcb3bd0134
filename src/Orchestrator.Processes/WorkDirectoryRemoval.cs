namespace Orchestrator.Processes;

/// <summary>When the supervisor of a run removes its work directory.</summary>
public enum WorkDirectoryRemoval
{
    /// <summary>When the run was cancelled, timed out, or lost its owner.</summary>
    Cancelled,

    /// <summary>Whatever ended the run.</summary>
    Always,

    /// <summary>Not at all.</summary>
    Never,
}
