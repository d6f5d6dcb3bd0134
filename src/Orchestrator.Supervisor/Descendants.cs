using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Containment <c>supervised</c>: every descendant, wherever it moved to. We are its subreaper, so what daemonizes
/// becomes our child, and no child left (ECHILD) means no descendant left.
/// </summary>
internal sealed class Descendants(int leader) : RunMembers(leader)
{
    internal override bool EndsAreSignalled => true;

    internal override List<ProcessEntry> Find() => ProcessTable.Descendants(Environment.ProcessId);

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
