using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Containment <c>supervised</c>: every descendant, wherever it moved to. We are its subreaper, so what daemonizes
/// becomes our child, and no child left (ECHILD) means no descendant left.
/// </summary>
internal class Descendants(int leader) : RunMembers(leader)
{
    internal override bool EndsAreSignalled => true;

    internal override bool AdoptsOrphans => true;

    internal override List<ProcessEntry> Find()
    {
        var found = ProcessTable.Descendants(Environment.ProcessId);

        // /proc is not read at one moment: what was forked meanwhile, by a parent that has ended since, is in no table yet,
        // but it is our child by now.
        Add(found, ProcessTable.OwnChildren());
        return found;
    }

    internal override (List<ProcessEntry> Outside, int InGroup) FindToSignal()
    {
        if (!ProcessTable.IsAvailable)
        {
            return base.FindToSignal();
        }

        var (outside, inGroup) = ProcessTable.DescendantsOutside(Leader, Environment.ProcessId);
        Add(outside, ProcessTable.OwnChildren().Where(IsOutside));
        return (outside, inGroup - (LeaderExit is null ? 0 : 1)); // as a zombie it is what pins the group
    }

    internal override bool IsEmpty()
    {
        if (!GroupIsPinned)
        {
            return SystemCalls.ReapAll();
        }

        if (!OnlyLeaderIsLeft())
        {
            return false;
        }

        ReapLeader();
        return SystemCalls.ReapAll();
    }

    // Whoever lives is our child, or below a child of ours that lives. Between the two lists no child was added, and a
    // zombie stays one.
    internal override bool OnlyZombiesAreLeft()
    {
        var children = ProcessTable.OwnChildren();
        return ProcessTable.IsAvailable
            && children.TrueForAll(child => ProcessTable.Find(child) is { IsAlive: false })
            && ProcessTable.OwnChildren().TrueForAll(children.Contains);
    }

    /// <summary>Takes exit statuses, and says whether nothing is left but the leader, as a zombie.</summary>
    internal bool OnlyLeaderIsLeft()
    {
        if (SystemCalls.PeekExit(Leader) is not null && !SystemCalls.HasLivingChild())
        {
            return true;
        }

        Zombies.ReapAllBut(Leader);
        return false;
    }

    /// <summary>Whether a process is not in the leader's group, while that is pinned.</summary>
    protected bool IsOutside(int pid) => SystemCalls.GroupOf(pid) != Leader;

    /// <summary>Adds those that are alive and not found yet.</summary>
    protected static void Add(List<ProcessEntry> found, IEnumerable<int> numbers)
    {
        var known = found.Select(process => process.Pid).ToHashSet();
        foreach (var number in numbers)
        {
            if (known.Add(number) && (ProcessTable.Find(number) ?? ProcessTable.Unseen(number)) is { IsAlive: true } missed)
            {
                found.Add(missed);
            }
        }
    }
}
