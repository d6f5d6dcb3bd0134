using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Containment <c>supervised</c>: every descendant, wherever it moved to. We are its subreaper, so what daemonizes
/// becomes our child, and no child left (ECHILD) means no descendant left.
/// </summary>
internal sealed class Descendants(int leader) : RunMembers(leader)
{
    internal override bool EndsAreSignalled => true;

    internal override List<ProcessEntry> Find()
    {
        var found = ProcessTable.Descendants(Environment.ProcessId);

        // /proc is not read at one moment: what was forked meanwhile, by a parent that has ended since, is in no table yet,
        // but it is our child by now.
        var known = found.Select(process => process.Pid).ToHashSet();
        foreach (var child in ProcessTable.OwnChildren() ?? [])
        {
            if (!known.Contains(child) && ProcessTable.Find(child) is { IsAlive: true } missed)
            {
                found.Add(missed);
            }
        }

        return found;
    }

    internal override bool IsEmpty()
    {
        if (!GroupIsPinned)
        {
            return SystemCalls.ReapAll();
        }

        if (SystemCalls.PeekExit(Leader) is null || SystemCalls.HasLivingChild())
        {
            Zombies.ReapAllBut(Leader);
            return false;
        }

        ReapLeader();
        return SystemCalls.ReapAll();
    }
}
