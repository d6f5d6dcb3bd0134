using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Orchestrator.Processes.Windows;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>
/// Turns the ways to abort a program into tokens: Ctrl+C (SIGINT), SIGTERM, SIGHUP and SIGQUIT, and the end of the
/// process that started it where that passes no signal on (<c>dotnet run</c>, <c>dotnet cake</c>, a CI job's shell).
/// </summary>
public sealed class BuildCancellation : IDisposable
{
    private const int SecondSignalAfter = 200; // ms; CI runners and shells often send two signals for one abort
    private const int LookEvery = 1000; // ms, for the end of an owner of which no pidfd can be had
    private static readonly int[] Taken = [Signals.Hup, Signals.Int, Signals.Quit, Signals.Term];
    private readonly CancellationTokenSource cancel = new();
    private readonly CancellationTokenSource kill = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Action<RunEnd>? cancelled;
    private readonly Action? again;
    private readonly FileDescriptor? stop;
    private readonly Lock gate = new();
    private readonly Thread? watch;
    private readonly List<ProcessWatch> owners = [];
    private long firstAt;
    private int signal;

    private BuildCancellation(Action<RunEnd>? cancelled, Action? again)
    {
        this.cancelled = cancelled;
        this.again = again;
        if (OperatingSystem.IsLinux())
        {
            // A shell without job control makes SIGINT ignored for what it starts with &; an abort must still reach us.
            // Where it is not ignored a handler of the host's may be in place, through which .NET calls ours too.
            foreach (var signal in (int[])[Signals.Int, Signals.Quit])
            {
                if (SystemCalls.IsIgnored(signal))
                {
                    SystemCalls.SetDefaultAction(signal);
                }
            }

            stop = SystemCalls.CreateEvent();
            watch = Watch(stop);
        }
        else if (OperatingSystem.IsWindows())
        {
            WatchOwners();
        }

        Register(PosixSignal.SIGINT, Signals.Int);
        Register(PosixSignal.SIGTERM, Signals.Term);
        Register(PosixSignal.SIGQUIT, Signals.Quit);

        // nohup(1) asks that a hang-up changes nothing.
        if (!OperatingSystem.IsLinux() || !SystemCalls.IsIgnored(Signals.Hup))
        {
            Register(PosixSignal.SIGHUP, Signals.Hup);
        }
    }

    /// <summary>Cancelled by the first signal, or by the end of an owner.</summary>
    public CancellationToken Token => cancel.Token;

    /// <summary>Cancelled by a second signal 200 ms or more after the first: no grace any more.</summary>
    public CancellationToken KillToken => kill.Token;

    /// <summary>130 for SIGINT, 143 for SIGTERM and for an owner's end, 129 for SIGHUP, 131 for SIGQUIT; null if nothing was cancelled.</summary>
    public int? ExitCode => Volatile.Read(ref signal) is > 0 and var received ? 128 + received : null;

    /// <summary>Listens from now until disposal. For the process that is the build: one at a time.</summary>
    /// <param name="cancelled">Called once, before <see cref="Token"/> is cancelled, with <see cref="RunEnd.Cancelled"/> or <see cref="RunEnd.OwnerExited"/>.</param>
    /// <param name="again">Called for the second signal, after <see cref="KillToken"/> was cancelled, and for each that follows it.</param>
    /// <returns>The tokens.</returns>
    public static BuildCancellation Start(Action<RunEnd>? cancelled = null, Action? again = null) => new(cancelled, again);

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        if (stop is not null)
        {
            // The thread that waits for it ends at once.
            SystemCalls.RaiseEvent(stop);
            watch?.Join();
            stop.Dispose();
        }

        if (OperatingSystem.IsWindows())
        {
            foreach (var owner in owners)
            {
                owner.End();
            }
        }

        cancel.Dispose();
        kill.Dispose();
    }

    [SupportedOSPlatform("windows")]
    private void WatchOwners()
    {
        foreach (var owner in RunOwners.Above())
        {
            if (ProcessWatch.Of(owner, OwnerEnded) is { } found)
            {
                owners.Add(found);
            }
            else
            {
                OwnerEnded();
            }
        }

        void OwnerEnded() => Cancel(Signals.Term, RunEnd.OwnerExited);
    }

    private void Register(PosixSignal posix, int number) =>
        registrations.Add(PosixSignalRegistration.Create(posix, context =>
        {
            context.Cancel = true;
            Cancel(number, RunEnd.Cancelled);
        }));

    private void Cancel(int number, RunEnd reason)
    {
        bool isFirst, isAgain;
        lock (gate)
        {
            isFirst = signal == 0;
            if (isFirst)
            {
                signal = number;
                firstAt = Environment.TickCount64;
            }

            // An owner's end is no second signal.
            isAgain = !isFirst && reason == RunEnd.Cancelled && Environment.TickCount64 - firstAt >= SecondSignalAfter;
        }

        if (isFirst)
        {
            cancelled?.Invoke(reason);
            cancel.Cancel();
        }
        else if (isAgain)
        {
            kill.Cancel();
            again?.Invoke();
        }
    }

    // Started where there is something to watch, or where the signals were blocked by whoever started us: then a thread is
    // needed that takes them for as long as we listen.
    private Thread? Watch(FileDescriptor stop)
    {
        var owners = new List<ProcessHandle>();
        foreach (var owner in RunOwners.Above())
        {
            if (ProcessHandle.Open(owner.ProcessId, owner.StartTime) is { } handle)
            {
                owners.Add(handle);
                continue;
            }

            owners.ForEach(found => found.Dispose());
            Cancel(Signals.Term, RunEnd.OwnerExited);
            return null;
        }

        if (owners.Count == 0 && !SystemCalls.IsAnyBlocked(Taken))
        {
            return null;
        }

        var thread = new Thread(() => Watch(stop, owners)) { IsBackground = true, Name = "Owners" };
        thread.Start();
        return thread;
    }

    private void Watch(FileDescriptor stop, List<ProcessHandle> owners)
    {
        SystemCalls.Unblock(Taken);
        FileDescriptor?[] watched = [stop, .. owners.Select(owner => owner.Descriptor)];
        Span<bool> ready = stackalloc bool[watched.Length];
        var lookAfter = owners.Exists(owner => owner.Descriptor is null) ? LookEvery : -1;
        do
        {
            SystemCalls.Poll(watched, lookAfter, ready);
        }
        while (!ready.Contains(true) && !owners.Exists(owner => owner.HasEnded));

        owners.ForEach(owner => owner.Dispose());
        if (!ready[0])
        {
            Cancel(Signals.Term, RunEnd.OwnerExited);
            SystemCalls.Poll([stop], -1, ready); // a second signal must still find a thread that takes it
        }
    }
}
