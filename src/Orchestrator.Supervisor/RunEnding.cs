using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Ends a run: one signal to all, time to act on it, then SIGKILL to what is left.</summary>
internal sealed class RunEnding(RunMembers members, Waiter waiter, EventWriter events, Options options) : IDisposable
{
    private const int MaxScans = 8; // a tree that forks faster than /proc is read is not stopped, but chased
    private readonly HashSet<int> toldEscaped = [];
    private const int LookEvery = 20; // ms, for what cannot be watched
    private readonly Dictionary<int, ProcessHandle> watched = [];
    private AllowList spared = new([]);

    /// <summary>Ends the run and returns as soon as its last process is dead: the grace period is a limit, never a sleep.</summary>
    /// <param name="reason">As in the <c>cancelling</c> event.</param>
    /// <param name="sparedNames">Names of programs that are let live.</param>
    /// <returns>Whether something survived even SIGKILL.</returns>
    internal bool End(string reason, AllowList? sparedNames = null)
    {
        spared = sparedNames ?? new([]);
        var began = Environment.TickCount64;
        events.Cancelling(reason, members.Leader, options.Signal);

        var (targets, inGroup) = SignalsWholeGroup && members.EndsAreSignalled ? members.FindToSignal() : (Targets(), 0);
        Send(options.Signal, targets);
        Send(Signals.Cont, targets);
        events.Signalled(options.Signal, members.Leader, targets.Count + inGroup);
        TellEscaped(targets);

        // On a busy machine it took a while to find all and to signal them; that is not theirs to lose.
        var sent = Environment.TickCount64;
        var graceEnds = sent + (long)NestedGrace.Limit(options.Grace).TotalMilliseconds;
        while (!IsDone() && !waiter.KillNow && Wait(graceEnds))
        {
        }

        // The supervisors of runs inside have less time than we have; one that is late on a busy machine must not be cut off
        // in the middle of its clean-up.
        var late = graceEnds + NestedGrace.Patience(sent - began);
        while (!IsDone() && !waiter.KillNow && ProcessTable.IsAvailable && Targets().Exists(process => OwnProgram.IsSupervisor(process)) && Wait(late))
        {
        }

        var killed = IsDone() ? 0 : Kill();
        if (!IsDone() && TellSurvivors())
        {
            return true;
        }

        if (spared.Count == 0 || members.IsEmpty())
        {
            events.Empty(TimeSpan.FromMilliseconds(Environment.TickCount64 - began), killed);
        }

        return false;
    }

    /// <summary>SIGKILL to all that is left, after an error: with as few descriptors as there are.</summary>
    /// <returns>Whether something survived even that.</returns>
    internal bool KillAtAnyPrice()
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
        return !members.IsEmpty() && TellSurvivors();
    }

    public void Dispose()
    {
        foreach (var handle in watched.Values)
        {
            handle.Dispose();
        }
    }

    /// <returns>Whether there are any: to look for them takes a while, and they may have ended meanwhile.</returns>
    private bool TellSurvivors()
    {
        var survivors = Targets();
        foreach (var survivor in survivors)
        {
            events.Survived(survivor);
            Diagnostics.Print($"{survivor.Pid} ({survivor.Name}) outlived SIGKILL");
        }

        if (survivors.Count > 0 || IsDone() || members.OnlyZombiesAreLeft())
        {
            return survivors.Count > 0;
        }

        const string Unseen = "something that /proc does not show outlived SIGKILL";
        events.Failed(Unseen);
        Diagnostics.Print(Unseen);
        return true;
    }

    /// <returns>How many processes needed SIGKILL.</returns>
    private int Kill()
    {
        var deadline = Environment.TickCount64 + (long)options.KillWait.TotalMilliseconds;
        var known = new Dictionary<int, ProcessEntry>();
        var atOnce = members.CanKillAtOnce && spared.Count == 0;
        var found = Targets();
        if (AddNew(found, known) && !atOnce && ProcessTable.IsAvailable) // without /proc a scan takes so long that it stops nobody
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
            if (!KillStragglers(known) && (members.OnlyZombiesAreLeft() || !Wait(deadline)))
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
        if (!members.AdoptsOrphans)
        {
            return null;
        }

        var children = ProcessTable.OwnChildren();
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

    // Nothing in the group is to be spared, so one call reaches all of it, and at one moment.
    private bool SignalsWholeGroup => members.GroupIsPinned && spared.Count == 0;

    private bool IsDone() => members.IsEmpty() || (spared.Count > 0 && Targets().Count == 0);

    private bool Wait(long deadline)
    {
        var mustLook = watched.Values.Any(handle => handle.Descriptor is null);
        _ = waiter.Wait(
            mustLook ? Math.Min(deadline, Environment.TickCount64 + LookEvery) : deadline,
            [.. watched.Values.Select(handle => handle.Descriptor), members.Change]);
        foreach (var (pid, handle) in watched)
        {
            // It would stay readable, and no wait would wait any more.
            if (handle.HasEnded)
            {
                handle.Dispose();
                watched.Remove(pid);
            }
        }

        return Environment.TickCount64 < deadline;
    }

    private List<ProcessEntry> Targets()
    {
        var targets = members.Find();
        targets.RemoveAll(spared.Contains);
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

        if (process.Start > 0 && ProcessHandle.Open(process.Pid, process.Start) is { } handle)
        {
            watched.Add(process.Pid, handle);
        }
    }

    private void Send(int signal, List<ProcessEntry> targets)
    {
        var wholeGroup = SignalsWholeGroup;
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
        if (process.Start > 0)
        {
            using var handle = ProcessHandle.Open(process.Pid, process.Start);
            _ = handle?.Signal(signal);
        }
        else if (SystemCalls.IsLivingChild(process.Pid))
        {
            // Not shown by /proc; but the number of a child of ours is its own until we reap it.
            _ = SystemCalls.SignalNumber(process.Pid, signal);
        }
    }
}
