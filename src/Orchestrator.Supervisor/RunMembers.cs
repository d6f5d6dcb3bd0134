using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>The processes of a run, as its containment sees them.</summary>
internal abstract class RunMembers(int leader)
{
    private bool leaderReaped;

    /// <summary>PID of the command, and the number of its group.</summary>
    internal int Leader => leader;

    /// <summary>Whether the group's number is still ours: the leader lives, or is kept as a zombie.</summary>
    internal bool GroupIsPinned => !leaderReaped;

    /// <summary>Whether the kernel tells us of every end by SIGCHLD; if not, each process must be watched.</summary>
    internal abstract bool EndsAreSignalled { get; }

    /// <summary>All that are alive now.</summary>
    internal abstract List<ProcessEntry> Find();

    /// <summary>Takes exit statuses, and says whether nothing is left.</summary>
    internal abstract bool IsEmpty();

    /// <summary>Lets the leader go: its group will not be signalled again.</summary>
    internal void ReapLeader()
    {
        if (!leaderReaped && SystemCalls.PeekExit(leader) is not null)
        {
            SystemCalls.Reap(leader);
            leaderReaped = true;
        }
    }
}
