using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Signals to us, as something that poll(2) can wait for.</summary>
internal abstract class SignalQueue : IDisposable
{
    internal bool IgnoresHangUp { get; private init; }

    /// <summary>Readable when a signal has come.</summary>
    internal abstract FileDescriptor Ready { get; }

    internal static SignalQueue Open()
    {
        // nohup(1) asks that a hang-up changes nothing.
        var ignoresHangUp = SystemCalls.IsIgnored(Signals.Hup);

        // Inherited as ignored, SIGCHLD would lose exit statuses.
        SystemCalls.SetDefaultAction(Signals.Chld);
        int[] wanted = [Signals.Chld, .. Signals.Cancelling.Where(signal => signal != Signals.Hup || !ignoresHangUp)];
        return SystemCalls.AreBlocked(wanted)
            ? new Descriptor(wanted) { IgnoresHangUp = ignoresHangUp }
            : new Handlers(wanted) { IgnoresHangUp = ignoresHangUp };
    }

    /// <summary>Takes what has come since the last call, in order, but SIGCHLD, which only wakes.</summary>
    internal abstract IEnumerable<(int Signal, long Time)> Take();

    public abstract void Dispose();

    /// <summary>signalfd(2): right only where every thread of the process blocks the signals, see BlockSignals.c.</summary>
    private sealed class Descriptor(int[] wanted) : SignalQueue
    {
        internal override FileDescriptor Ready { get; } = SystemCalls.CreateSignalDescriptor(wanted);

        internal override IEnumerable<(int Signal, long Time)> Take()
        {
            while (SystemCalls.ReadSignal(Ready) is { } signal)
            {
                if (signal != Signals.Chld)
                {
                    yield return (signal, Environment.TickCount64);
                }
            }
        }

        public override void Dispose() => Ready.Dispose();
    }

    /// <summary>The managed program: its runtime has threads before Main that do not block signals.</summary>
    private sealed class Handlers : SignalQueue
    {
        private readonly ConcurrentQueue<(int Signal, long Time)> received = new();
        private readonly List<PosixSignalRegistration> registrations = [];

        internal Handlers(int[] wanted)
        {
            // A shell without job control makes SIGINT ignored for what it starts with &.
            SystemCalls.SetDefaultAction(Signals.Int);
            SystemCalls.SetDefaultAction(Signals.Quit);

            // Whoever started us may have blocked some.
            SystemCalls.Unblock(wanted);
            foreach (var signal in wanted)
            {
                registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
                {
                    context.Cancel = true;
                    if (signal != Signals.Chld)
                    {
                        received.Enqueue((signal, Environment.TickCount64));
                    }

                    SystemCalls.RaiseEvent(Ready);
                }));
            }
        }

        internal override FileDescriptor Ready { get; } = SystemCalls.CreateEvent();

        internal override IEnumerable<(int Signal, long Time)> Take()
        {
            SystemCalls.ClearEvent(Ready);
            while (received.TryDequeue(out var signal))
            {
                yield return signal;
            }
        }

        // The descriptor stays open to the end of the process: a handler can still run on another thread, and would
        // write to whatever had got the number.
        public override void Dispose() => registrations.ForEach(registration => registration.Dispose());
    }
}
