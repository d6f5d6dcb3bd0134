using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Whether a process is one of a lost run.</summary>
internal enum Belonging
{
    No,
    Yes,

    /// <summary>It is in the middle of execve(2), when it shows no environment.</summary>
    Unclear,
}

/// <summary>By what the processes of a lost run are known.</summary>
/// <param name="run">The run's own name, in their environment; null for none.</param>
/// <param name="session">The session that its supervisor led; 0 for none.</param>
/// <param name="groups">Control groups whose supervisors are gone.</param>
internal sealed class LostProcesses(string? run, int session, IReadOnlyList<ControlGroup> groups)
{
    private const int KernelThreads = 2; // kthreadd: its children have no environment, and never get one
    private HashSet<int> inGroups = [];

    /// <summary>All of them that one look shows.</summary>
    internal List<ProcessEntry> Find()
    {
        LookAtGroups();
        return ProcessTable.All().FindAll(process => Belongs(process) == Belonging.Yes);
    }

    /// <summary>To be called before a look at all processes.</summary>
    internal void LookAtGroups() => inGroups = [.. groups.SelectMany(group => group.Processes())];

    /// <summary>SIGKILL to all that is in the control groups, at one moment.</summary>
    internal void KillGroups()
    {
        foreach (var group in groups)
        {
            group.Kill();
        }
    }

    internal Belonging Belongs(ProcessEntry process)
    {
        if (!process.IsAlive || process.Pid <= 1 || process.Pid == Environment.ProcessId)
        {
            return Belonging.No;
        }

        if ((session > 1 && process.Session == session) || inGroups.Contains(process.Pid))
        {
            return Belonging.Yes;
        }

        return run is null || ProcessTable.Environment(process.Pid) is not { } environment ? Belonging.No
            : RunId.IsIn(environment, run) ? Belonging.Yes
            : environment.Length == 0 && process.IsBusy && process.Parent != KernelThreads ? Belonging.Unclear
            : Belonging.No;
    }
}
