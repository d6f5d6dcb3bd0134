using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Supervisor;

/// <summary>
/// A supervisor without a command: it holds a work directory for as long as its owners live, and removes it when they
/// are gone or when it is told to stop.
/// </summary>
internal sealed class Keeper : IDisposable
{
    private const int LookEvery = 20; // ms
    private readonly Options options;
    private readonly EventWriter events;
    private readonly Waiter waiter;
    private readonly ClaimedDirectory directory;

    internal Keeper(Options options, EventWriter events)
    {
        this.options = options;
        this.events = events;
        waiter = Waiter.Open(options, usr1Releases: true);
        directory = ClaimedDirectory.Claim(options.WorkDirectory!, RunId.Chain(RunId.Outer, RunId.Create()));
    }

    /// <returns>0 when it was told to stop, 143 when an owner ended, 125 if the directory could not be removed.</returns>
    internal int Execute()
    {
        events.Started(Environment.ProcessId, 0, options.Containment, directory.Run);
        while (waiter is { CancelSignal: null, OwnerIsGone: false, ReleaseAsked: false })
        {
            waiter.Wait(deadline: null);
        }

        if (waiter is { ReleaseAsked: true, CancelSignal: null, OwnerIsGone: false })
        {
            directory.Release();
            return 0;
        }

        var status = waiter.CancelSignal is null ? 128 + Signals.Term : 0;
        return options.Removal == Removal.Never || Remove() ? status : CommandException.SupervisorFailed;
    }

    public void Dispose()
    {
        directory.Dispose();
        waiter.Dispose();
    }

    private bool Remove()
    {
        // The supervisors of the runs inside hold the directory too, and let go of it when their runs are empty.
        if (!WaitUntilUnused())
        {
            // Some supervisor was killed, or its run cannot be ended: end what carries the directory's name.
            _ = EndLost();
            if (!WaitUntilUnused())
            {
                return Fail($"not removed: {directory.Path}: a process still uses it");
            }
        }

        // A supervisor that was itself killed dropped its hold at once, and its run may live on.
        var ended = EndLost();
        var problems = directory.Remove();
        if (problems.Count > 0)
        {
            return problems.Aggregate(false, (_, problem) => Fail($"not removed: {problem}"));
        }

        events.WorkDirectoryRemoved(directory.Path);
        return ended;
    }

    private bool EndLost()
    {
        try
        {
            var end = LostRun.End(directory.Run, 0, ProcessTable.Find(Environment.ProcessId)?.Start ?? 0, NestedGrace.Limit(options.Grace), options.KillWait);
            foreach (var survivor in end.Survivors)
            {
                events.Survived(survivor);
            }

            return end.Problems.Aggregate(true, (_, problem) => Fail(problem));
        }
        catch (LinuxException exception)
        {
            return Fail(exception.Message);
        }
    }

    private bool WaitUntilUnused()
    {
        if (directory.TryLockExclusively())
        {
            return true;
        }

        // flock(2) cannot be waited for together with anything else, so a thread waits.
        var unused = false;
        var wake = SystemCalls.CreateEvent();
        var thread = new Thread(() =>
        {
            directory.LockExclusively();
            Volatile.Write(ref unused, true);
            SystemCalls.RaiseEvent(wake);
        })
        { IsBackground = true };
        var deadline = Environment.TickCount64 + (long)(NestedGrace.Limit(options.Grace) + options.KillWait).TotalMilliseconds;
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            return LookUntilUnused(deadline);
        }

        while (!Volatile.Read(ref unused) && waiter.Wait(deadline, wake))
        {
        }

        return Volatile.Read(ref unused);
    }

    // No thread is allowed (RLIMIT_NPROC): there is no event to wait for, then.
    private bool LookUntilUnused(long deadline)
    {
        var unused = directory.TryLockExclusively();
        while (!unused && Environment.TickCount64 < deadline)
        {
            _ = waiter.Wait(Environment.TickCount64 + LookEvery);
            unused = directory.TryLockExclusively();
        }

        return unused;
    }

    private bool Fail(string message)
    {
        events.Failed(message);
        Diagnostics.Print(message);
        return false;
    }
}
