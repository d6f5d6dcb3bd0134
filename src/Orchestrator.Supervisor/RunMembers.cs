using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>The processes of a run, as its containment sees them.</summary>
internal abstract class RunMembers(int leader) : IDisposable
{
    private bool leaderReaped;

    /// <summary>PID of the command, and the number of its group.</summary>
    internal int Leader => leader;

    /// <summary>How the command itself ended; null while it lives.</summary>
    internal virtual ChildExit? LeaderExit => SystemCalls.PeekExit(leader);

    /// <summary>Whether the group's number is still ours: the leader lives, or is kept as a zombie.</summary>
    internal virtual bool GroupIsPinned => !leaderReaped;

    /// <summary>Whether the kernel tells us of every end by SIGCHLD; if not, each process must be watched.</summary>
    internal abstract bool EndsAreSignalled { get; }

    /// <summary>Whether we are the subreaper: what loses its parent becomes our child.</summary>
    internal abstract bool AdoptsOrphans { get; }

    /// <summary>Becomes ready when the command has ended, where it is not our child; null where SIGCHLD tells.</summary>
    internal virtual FileDescriptor? Notice => null;

    /// <summary>Becomes ready, while the run is ended, when something changes that no SIGCHLD tells; null if there is nothing of the kind.</summary>
    internal virtual FileDescriptor? Change => Notice;

    /// <summary>All that are alive now.</summary>
    internal abstract List<ProcessEntry> Find();

    /// <summary>The same, for a signal to the whole group: those outside the group, and how many are in it.</summary>
    internal virtual (List<ProcessEntry> Outside, int InGroup) FindToSignal()
    {
        var found = Find();
        return (found, found.RemoveAll(process => process.Group == leader));
    }

    /// <summary>Takes exit statuses, and says whether nothing is left.</summary>
    internal abstract bool IsEmpty();

    /// <summary>
    /// Whether nothing is alive, though not all exit statuses can be had: a process that another one traces stays a zombie
    /// until that lets go. False if it cannot be told.
    /// </summary>
    internal virtual bool OnlyZombiesAreLeft() => false;

    /// <summary>Whether <see cref="KillAtOnce"/> is more than nothing.</summary>
    internal virtual bool CanKillAtOnce => false;

    /// <summary>SIGKILL to all by one call, which nothing that is being forked can slip through.</summary>
    /// <returns>False if that failed: each must be found and signalled.</returns>
    internal virtual bool KillAtOnce() => false;

    /// <summary>Lets what is alive live on without us.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>Takes the exit statuses of what the command orphaned, while it runs.</summary>
    internal virtual void ReapOrphans() => SystemCalls.ReapWhileNot(leader);

    /// <summary>Lets the leader go: its group will not be signalled again.</summary>
    internal virtual void ReapLeader()
    {
        if (!leaderReaped && SystemCalls.PeekExit(leader) is not null)
        {
            SystemCalls.Reap(leader);
            leaderReaped = true;
        }
    }

    public virtual void Dispose()
    {
    }
}
