using Microsoft.Build.Framework;

namespace Orchestrator.MSBuild;

/// <summary>The tokens of one task: cancelled by MSBuild, or by a signal to the process that the task runs in.</summary>
#pragma warning disable CA1001 // A task is not disposed of, and a signal may come at any moment; what the sources hold is memory.
internal sealed class AbortSource
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource cancel = new();
    private readonly CancellationTokenSource kill = new();

    internal CancellationToken Token => cancel.Token;

    /// <summary>No grace any more.</summary>
    internal CancellationToken KillToken => kill.Token;

    /// <summary>Lets signals reach this task until disposal.</summary>
    internal IDisposable Register(IBuildEngine4 engine) => ProcessAbort.Register(this, engine);

    internal void Cancel() => cancel.Cancel();

    internal void Kill()
    {
        cancel.Cancel();
        kill.Cancel();
    }
}
