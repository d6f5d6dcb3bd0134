using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Signals to us, as something that poll(2) can wait for. Not a signalfd(2): the runtime has threads before Main that
/// do not block signals, and one sent to the process can be delivered to any of them.
/// </summary>
internal sealed class SignalQueue : IDisposable
{
    private static readonly int[] Cancelling = [Signals.Int, Signals.Term, Signals.Hup, Signals.Quit];
    private readonly ConcurrentQueue<(int Signal, long Time)> received = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <param name="others">Further signals to receive, such as SIGUSR1.</param>
    internal SignalQueue(params ReadOnlySpan<int> others)
    {
        // nohup(1) asks that a hang-up changes nothing.
        IgnoresHangUp = SystemCalls.IsIgnored(Signals.Hup);

        // Inherited as ignored, SIGCHLD would lose exit statuses, and SIGINT (which a shell without job control makes
        // ignored for what it starts with &) would make us deaf to the one signal that a user sends.
        SystemCalls.SetDefaultAction(Signals.Chld);
        SystemCalls.SetDefaultAction(Signals.Int);
        SystemCalls.SetDefaultAction(Signals.Quit);
        Register(Signals.Chld);
        foreach (var signal in Cancelling)
        {
            if (signal != Signals.Hup || !IgnoresHangUp)
            {
                Register(signal);
            }
        }

        foreach (var signal in others)
        {
            Register(signal);
        }
    }

    internal bool IgnoresHangUp { get; }

    /// <summary>Readable when a signal has come.</summary>
    internal FileDescriptor Ready { get; } = SystemCalls.CreateEvent();

    /// <summary>Takes what has come since the last call, in order, but SIGCHLD, which only wakes.</summary>
    internal IEnumerable<(int Signal, long Time)> Take()
    {
        SystemCalls.ClearEvent(Ready);
        while (received.TryDequeue(out var signal))
        {
            yield return signal;
        }
    }

    /// <summary>Wakes whoever waits for <see cref="Ready"/>. Safe from any thread.</summary>
    internal void Wake() => SystemCalls.RaiseEvent(Ready);

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        Ready.Dispose();
    }

    private void Register(int signal) =>
        registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context =>
        {
            context.Cancel = true;
            if (signal != Signals.Chld)
            {
                received.Enqueue((signal, Environment.TickCount64));
            }

            Wake();
        }));
}
