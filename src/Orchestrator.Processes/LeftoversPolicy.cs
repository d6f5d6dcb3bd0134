namespace Orchestrator.Processes;

/// <summary>What happens to processes that are still alive after the command itself has exited.</summary>
public enum LeftoversPolicy
{
    /// <summary>They are ended as in a cancelled run; the exit status stays the command's own.</summary>
    Kill,

    /// <summary>They are let live, and named.</summary>
    Keep,

    /// <summary>They are ended, and the run exits with status 120.</summary>
    Fail,
}
