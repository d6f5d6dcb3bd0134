namespace Orchestrator.Processes;

/// <summary>The run was cancelled; by the time this is thrown it is empty.</summary>
public sealed class RunCanceledException : OperationCanceledException
{
    internal RunCanceledException(RunResult result, CancellationToken cancellationToken)
        : base("Build cancelled by user", cancellationToken) => Result = result;

    /// <summary>How the run ended.</summary>
    public RunResult Result { get; }
}
