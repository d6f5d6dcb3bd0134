using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>
/// Blocks in the calling thread, for as long as it lives, what a supervisor takes: what is started meanwhile begins with
/// them blocked, as the managed supervisor needs it, which would otherwise start itself a second time.
/// </summary>
internal sealed class SignalBlock : IDisposable
{
    private readonly int[] added;

    private SignalBlock(int[] added) => this.added = added;

    public void Dispose() => SystemCalls.Unblock(added);

    internal static SignalBlock Begin()
    {
        var block = new SignalBlock(Array.FindAll(Signals.Taken, signal => !SystemCalls.AreBlocked([signal])));
        SystemCalls.Block(block.added);
        return block;
    }
}
