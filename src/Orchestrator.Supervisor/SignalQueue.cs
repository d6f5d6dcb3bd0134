using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Signals to us, as something that poll(2) can wait for: signalfd(2). Right only where every thread of the process blocks
/// them. The native program does so before it has threads (BlockSignals.c).
/// </summary>
internal sealed class SignalQueue : IDisposable
{
    private SignalQueue(int[] wanted, bool ignoresHangUp) =>
        (Ready, IgnoresHangUp) = (SystemCalls.CreateSignalDescriptor(wanted), ignoresHangUp);

    internal bool IgnoresHangUp { get; }

    /// <summary>Readable when a signal has come.</summary>
    internal FileDescriptor Ready { get; }

    /// <summary>
    /// Blocks the signals in every thread. The runtime of the managed program has threads before Main: it starts itself
    /// again, since a new program inherits what is blocked. An owner that blocks them before it starts us saves that.
    /// </summary>
    internal static void BlockEverywhere()
    {
        if (!SystemCalls.AreBlocked(Signals.Taken))
        {
            SystemCalls.Block(Signals.Taken);
            RawArguments.ExecuteAgain();
        }
    }

    internal static SignalQueue Open()
    {
        // nohup(1) asks that a hang-up changes nothing.
        var ignoresHangUp = SystemCalls.IsIgnored(Signals.Hup);

        // Inherited as ignored, SIGCHLD would lose exit statuses.
        SystemCalls.SetDefaultAction(Signals.Chld);
        return new([.. Signals.Taken.Where(signal => signal != Signals.Hup || !ignoresHangUp)], ignoresHangUp);
    }

    /// <summary>Takes what has come since the last call, in order, but SIGCHLD, which only wakes.</summary>
    internal IEnumerable<(int Signal, int Sender, long Time)> Take()
    {
        while (SystemCalls.ReadSignal(Ready) is { } signal)
        {
            if (signal.Number != Signals.Chld)
            {
                yield return (signal.Number, signal.Sender, Environment.TickCount64);
            }
        }
    }

    public void Dispose() => Ready.Dispose();
}
