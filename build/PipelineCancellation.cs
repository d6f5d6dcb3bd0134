using Cake.Core;
using Orchestrator.Processes;

namespace Build;

/// <summary>The abort of the whole pipeline: which tokens, which error, which exit code.</summary>
public sealed class PipelineCancellation : IDisposable
{
    private readonly BuildCancellation signals;
    private RunEnd end = RunEnd.Cancelled;

    public PipelineCancellation() => signals = BuildCancellation.Start(reason => end = reason);

    /// <summary>Cancelled by the first Ctrl+C, SIGTERM or SIGHUP, or when the dotnet CLI that started us is gone.</summary>
    public CancellationToken Token => signals.Token;

    /// <summary>Cancelled by the second: no grace any more.</summary>
    public CancellationToken KillToken => signals.KillToken;

    /// <summary>130, 143 or 129 after an abort; null without one.</summary>
    public int? ExitCode => signals.ExitCode;

    /// <summary>The one error that ends an aborted pipeline.</summary>
    public CakeException Error() => new(RunNarration.Error(end));

    public void Dispose() => signals.Dispose();
}
