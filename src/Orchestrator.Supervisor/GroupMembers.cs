using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Containment <c>group</c>: the process group alone. What leaves it is not followed.</summary>
internal sealed class GroupMembers(int leader) : RunMembers(leader)
{
    // Members whose parent has died belong to PID 1.
    internal override bool EndsAreSignalled => false;

    internal override bool AdoptsOrphans => false;

    internal override List<ProcessEntry> Find() =>
        GroupIsPinned ? ProcessTable.All().FindAll(process => (process.Group == Leader || process.Pid == Leader) && process.IsAlive) : [];

    internal override bool IsEmpty()
    {
        if (GroupIsPinned && (SystemCalls.PeekExit(Leader) is null || Find().Count > 0))
        {
            return false;
        }

        ReapLeader();
        return true;
    }
}
