using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Ends a run: one signal to all, time to act on it, then SIGKILL to what is left.</summary>
internal sealed class RunEnding(RunMembers members, Waiter waiter, EventWriter events, Options options) : IDisposable
{
    private const string SupervisorName = "orchestrator-su"; // comm: the first 15 bytes
    private const int MaxScans = 8; // a tree that forks faster than /proc is read is not stopped, but chased
    private readonly HashSet<int> toldEscaped = [];
    private readonly Dictionary<int, FileDescriptor> watched = [];
    private IReadOnlySet<string> spared = new HashSet<string>();

    /// <summary>Ends the run and returns as soon as its last process is dead: the grace period is a limit, never a sleep.</summary>
    /// <param name="reason">As in the <c>cancelling</c> event.</param>
    /// <param name="sparedNames">Names of programs that are let live.</param>
    /// <returns>Whether something survived even SIGKILL.</returns>
    internal bool End(string reason, IReadOnlySet<string>? sparedNames = null)
    {
        spared = sparedNames ?? spared;
        var began = Environment.TickCount64;
        events.Cancelling(reason, members.Leader, options.Signal);

        var targets = Targets();
        Send(options.Signal, targets);
        Send(Signals.Cont, targets);
        events.Signalled(options.Signal, members.Leader, targets.Count);
        TellEscaped(targets);

        var graceEnds = began + (long)NestedGrace.Limit(options.Grace).TotalMilliseconds;
        while (!IsDone() && !waiter.KillNow && Wait(graceEnds))
        {
        }

        // The supervisors of runs inside have less time than we have; one that is late on a busy machine must not be cut off
        // in the middle of its clean-up.
        var late = graceEnds + NestedGrace.Patience;
        while (!IsDone() && !waiter.KillNow && Targets().Exists(process => process.Name == SupervisorName) && Wait(late))
        {
        }

        var killed = IsDone() ? 0 : Kill();
        if (IsDone())
        {
            events.Empty(TimeSpan.FromMilliseconds(Environment.TickCount64 - began), killed);
            return false;
        }

        // Something lives, even where /proc does not show it (hidepid).
        Targets().ForEach(events.Survived);
        return true;
    }

    /// <summary>SIGKILL to all that is left, after an error: without events, with as few descriptors as there are.</summary>
    internal void KillAtAnyPrice()
    {
        var deadline = Environment.TickCount64 + (long)options.KillWait.TotalMilliseconds;
        do
        {
            if (members.GroupIsPinned)
            {
                _ = SystemCalls.SignalGroup(members.Leader, Signals.Kill);
            }

            _ = members.KillAtOnce();
            KillOwnChildren();
            members.ReapLeader();
        }
        while (!members.IsEmpty() && waiter.Wait(deadline));
    }

    public void Dispose()
    {
        foreach (var descriptor in watched.Values)
        {
            descriptor.Dispose();
        }
    }

    /// <returns>How many processes needed SIGKILL.</returns>
    private int Kill()
    {
        var deadline = Environment.TickCount64 + (long)options.KillWait.TotalMilliseconds;
        var known = new Dictionary<int, ProcessEntry>();
        var atOnce = members.CanKillAtOnce && spared.Count == 0;
        var found = Targets();
        if (AddNew(found, known) && !atOnce)
        {
            Stop(found, known);
        }

        if (known.Count > 0)
        {
            events.Signalled(Signals.Kill, members.Leader, known.Count);
            TellEscaped(known.Values);
        }

        if (!atOnce || !members.KillAtOnce())
        {
            Send(Signals.Kill, [.. known.Values]);
        }

        if (members.AdoptsOrphans)
        {
            members.ReapLeader(); // else its zombie is what makes the group's number mean this group
        }

        while (!IsDone() && Environment.TickCount64 < deadline)
        {
            // As long as there is something new, no time is lost with waiting: a storm of short-lived processes, each the
            // child of one that is gone, can be caught only between two of its forks.
            if (!KillStragglers(known) && !Wait(deadline))
            {
                break;
            }
        }

        return known.Count;
    }

    // A fork that is seen by no scan would be the one that escapes. fork(2) does not complete once SIGSTOP is pending, so
    // when all that is known is stopped, a scan sees all there is.
    private void Stop(List<ProcessEntry> found, Dictionary<int, ProcessEntry> known)
    {
        for (var scans = 0; scans < MaxScans; scans++)
        {
            Send(Signals.Stop, found);
            found = Targets();
            if (!AddNew(found, known))
            {
                return;
            }
        }
    }

    // A process that no scan saw becomes our child when the one that forked it dies: cheap to notice, and then killed.
    private bool KillStragglers(Dictionary<int, ProcessEntry> known)
    {
        if (members.AdoptsOrphans && spared.Count == 0 && KillOwnChildren() is { } killed)
        {
            var before = known.Count;
            killed.ForEach(pid => known.TryAdd(pid, default));
            return known.Count > before;
        }

        var found = Targets();
        if (!AddNew(found, known))
        {
            return false;
        }

        Send(Signals.Kill, found);
        TellEscaped(found);
        return true;
    }

    // By number: a child of ours cannot be replaced by another process before we reap it.
    private List<int>? KillOwnChildren()
    {
        if (!members.AdoptsOrphans || ProcessTable.OwnChildren() is not { } children)
        {
            return null;
        }

        children.RemoveAll(child => child == members.Leader && members.GroupIsPinned && SystemCalls.PeekExit(child) is not null);
        children.ForEach(child => SystemCalls.SignalNumber(child, Signals.Kill));
        return children;
    }

    private static bool AddNew(List<ProcessEntry> found, Dictionary<int, ProcessEntry> known)
    {
        var added = false;
        foreach (var process in found)
        {
            added |= !known.TryGetValue(process.Pid, out var before) || before.Start != process.Start;
            known[process.Pid] = process;
        }

        return added;
    }

    private bool IsDone() => members.IsEmpty() || (spared.Count > 0 && Targets().Count == 0);

    private bool Wait(long deadline)
    {
        var inTime = waiter.Wait(deadline, [.. watched.Values, members.Change]);
        foreach (var (pid, descriptor) in watched)
        {
            // It would stay readable, and no wait would wait any more.
            if (SystemCalls.IsReadable(descriptor))
            {
                descriptor.Dispose();
                watched.Remove(pid);
            }
        }

        return inTime;
    }

    private List<ProcessEntry> Targets()
    {
        var targets = members.Find();
        targets.RemoveAll(process => spared.Contains(process.Name));
        targets.ForEach(Watch);
        return targets;
    }

    private void TellEscaped(IEnumerable<ProcessEntry> processes)
    {
        foreach (var process in processes)
        {
            if (process.Group != members.Leader && toldEscaped.Add(process.Pid))
            {
                events.Escaped(process);
            }
        }
    }

    private void Watch(ProcessEntry process)
    {
        if ((members.EndsAreSignalled && spared.Count == 0) || watched.ContainsKey(process.Pid))
        {
            return;
        }

        try
        {
            if (SystemCalls.OpenProcess(process.Pid) is { } descriptor)
            {
                watched.Add(process.Pid, descriptor);
            }
        }
        catch (LinuxException exception) when (exception.IsOutOfDescriptors)
        {
            // Its end will be noticed with that of another, or at the deadline.
        }
    }

    private void Send(int signal, List<ProcessEntry> targets)
    {
        // Nothing in the group is to be spared, so one call reaches all of it, and at one moment.
        var wholeGroup = members.GroupIsPinned && spared.Count == 0;
        if (wholeGroup)
        {
            _ = SystemCalls.SignalGroup(members.Leader, signal);
        }

        foreach (var process in targets)
        {
            // Never the group of an escapee: it can be somebody else's.
            if (!wholeGroup || process.Group != members.Leader)
            {
                SignalOne(process, signal);
            }
        }
    }

    private static void SignalOne(ProcessEntry process, int signal)
    {
        try
        {
            using var descriptor = SystemCalls.OpenProcess(process.Pid);
            if (descriptor is not null && ProcessTable.Find(process.Pid)?.Start == process.Start)
            {
                _ = SystemCalls.Signal(descriptor, signal);
            }
        }
        catch (LinuxException)
        {
            // No descriptor to be had (EMFILE). The start time was read a moment ago: the number is still this process's.
            if (ProcessTable.Find(process.Pid)?.Start == process.Start)
            {
                _ = SystemCalls.SignalNumber(process.Pid, signal);
            }
        }
    }
}
