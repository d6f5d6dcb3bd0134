using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Containment <c>cgroup</c>: all descendants, and whatever else is in the control group. The kernel kills all of it at
/// once, and it stays together when we are killed, so that another process can find and end it.
/// </summary>
internal sealed class ControlGroupMembers(int leader, ControlGroup group) : Descendants(leader)
{
    private bool hasOthersOnly;

    // As long as a child is left, its end is what counts; and a descriptor that nobody reads stays ready.
    internal override FileDescriptor? Change => hasOthersOnly ? group.Change : null;

    internal override List<ProcessEntry> Find()
    {
        var found = base.Find();
        Add(found, group.Processes());
        return found;
    }

    internal override (List<ProcessEntry> Outside, int InGroup) FindToSignal()
    {
        var (outside, inGroup) = base.FindToSignal();
        Add(outside, group.Processes().Where(IsOutside));
        return (outside, inGroup);
    }

    internal override bool IsEmpty()
    {
        hasOthersOnly = base.IsEmpty();
        return hasOthersOnly && !group.IsPopulated;
    }

    internal override bool OnlyZombiesAreLeft() => base.OnlyZombiesAreLeft() && !group.IsPopulated;

    internal override bool CanKillAtOnce => true;

    internal override bool KillAtOnce() => group.Kill();

    internal override void Release() => group.Empty();

    public override void Dispose()
    {
        group.Remove();
        group.Dispose();
        base.Dispose();
    }
}
