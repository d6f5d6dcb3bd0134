using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Containment <c>group</c>: the process group alone. What leaves it is not followed.</summary>
internal sealed class GroupMembers(int leader) : RunMembers(leader)
{
    // Members whose parent has died belong to PID 1.
    internal override bool EndsAreSignalled => false;

    internal override bool AdoptsOrphans => false;

    /// <summary>Why the level cannot be had here; null if it can.</summary>
    internal static string? Problem() =>
        ProcessTable.IsAvailable ? null : "/proc is not mounted, and only there the members of a group can be found when its leader has ended";

    internal override List<ProcessEntry> Find() =>
        GroupIsPinned ? ProcessTable.All().FindAll(process => (process.Group == Leader || process.Pid == Leader) && process.IsAlive) : [];

    internal override bool IsEmpty()
    {
        if (GroupIsPinned && (SystemCalls.PeekExit(Leader) is null || Find().Count > 0))
        {
            return false;
        }

        ReapLeader();
        return !HasHiddenMember();
    }

    // Another user's process need not be shown by /proc (hidepid). A zombie that nobody reaps is shown, and is no life.
    private bool HasHiddenMember() =>
        SystemCalls.GroupExists(Leader)
        && !ProcessTable.All().Exists(process => process.Group == Leader)
        && SystemCalls.GroupExists(Leader);
}
