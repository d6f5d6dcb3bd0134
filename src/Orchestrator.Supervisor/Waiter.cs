using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// The one place that waits. It wakes for signals to us, ends of children, ends of owners, and a time limit, and
/// keeps the facts about cancelling that the rest decides by.
/// </summary>
internal sealed class Waiter : IDisposable
{
    private const int SecondSignalAfter = 200; // ms; CI runners and shells often send two signals for one abort
    private readonly OwnerWatch owners;
    private long? firstSignalAt;

    internal Waiter(OwnerWatch owners, SignalQueue signals) => (this.owners, Signals) = (owners, signals);

    /// <summary>For what the command line asks for. Where an owner is named we start a session of our own: a signal to the owner's group must not take us along.</summary>
    internal static Waiter Open(Options options, bool usr1Releases = false)
    {
        if (options.IsOwned)
        {
            _ = SystemCalls.TryStartSession();
        }

        return new(new(options.Owners, options.Lifelines), SignalQueue.Open()) { Usr1Releases = usr1Releases };
    }

    internal SignalQueue Signals { get; }

    /// <summary>The first cancel signal that came; null if none has.</summary>
    internal int? CancelSignal { get; private set; }

    /// <summary>Whether a second one came that was meant: straight to SIGKILL.</summary>
    internal bool KillNow { get; private set; }

    /// <summary>Whether SIGUSR1 asks to let go of a work directory, instead of cancelling.</summary>
    internal bool Usr1Releases { get; init; }

    /// <summary>Whether SIGUSR1 came, and means that.</summary>
    internal bool ReleaseAsked { get; private set; }

    internal bool OwnerIsGone => owners.OneIsGone;

    /// <summary>Waits for the next event.</summary>
    /// <param name="deadline">On the clock of <see cref="Environment.TickCount64"/>; null for none.</param>
    /// <param name="others">Further descriptors that wake, such as the command's.</param>
    /// <returns>False if the deadline has passed.</returns>
    internal bool Wait(long? deadline, params ReadOnlySpan<FileDescriptor?> others)
    {
        var limit = Math.Min(deadline is { } at ? Math.Max(0, at - Environment.TickCount64) : long.MaxValue, owners.LookAfter ?? long.MaxValue);
        FileDescriptor?[] descriptors = [Signals.Ready, .. others, .. owners.Descriptors];
        Span<bool> ready = stackalloc bool[descriptors.Length];
        SystemCalls.Poll(descriptors, limit == long.MaxValue ? -1 : (int)Math.Min(limit, int.MaxValue), ready);
        if (ready[0])
        {
            foreach (var (signal, sender, time) in Signals.Take())
            {
                Note(signal, sender, time);
            }
        }

        if (owners.MustLook || ready[(1 + others.Length)..].Contains(true))
        {
            owners.Look();
        }

        return deadline is null || Environment.TickCount64 < deadline;
    }

    public void Dispose()
    {
        owners.Dispose();
        Signals.Dispose();
    }

    private void Note(int signal, int sender, long time)
    {
        if (signal == Supervisor.Signals.Usr1 && Usr1Releases)
        {
            ReleaseAsked = true;
            return;
        }

        CancelSignal ??= signal;

        // A supervisor whose run we are a part of signals once, to all; our owner, whom it signals too, hands it on. Those
        // two are one abort. The outer one kills for itself, when it is told to.
        if (OwnProgram.IsSupervisor(ProcessTable.Find(sender)))
        {
            return;
        }

        firstSignalAt ??= time;
        KillNow |= time - firstSignalAt >= SecondSignalAfter;
    }
}
