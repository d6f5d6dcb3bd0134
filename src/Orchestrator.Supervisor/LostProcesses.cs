using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Whether a process is one of a lost run.</summary>
internal enum Belonging
{
    No,
    Yes,

    /// <summary>It is in the middle of execve(2), when it shows no environment.</summary>
    Unclear,

    /// <summary>It came after the supervisor, and does not let us see its environment (PR_SET_DUMPABLE, <c>prctl(2)</c>).</summary>
    Hidden,
}

/// <summary>By what the processes of a lost run are known.</summary>
/// <param name="run">The run's own name, in their environment; null for none.</param>
/// <param name="session">The session that its supervisor led; 0 for none.</param>
/// <param name="since">When the supervisor started, as in <c>/proc/PID/stat</c>; 0 if it is not known, and then what is hidden cannot be told from what others have started.</param>
/// <param name="groups">Control groups whose supervisors are gone.</param>
internal sealed class LostProcesses(string? run, int session, ulong since, IReadOnlyList<ControlGroup> groups)
{
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
        if (!process.IsAlive || process.IsKernelThread || process.Pid <= 1 || process.Pid == Environment.ProcessId)
        {
            return Belonging.No;
        }

        if ((session > 1 && process.Session == session) || inGroups.Contains(process.Pid))
        {
            return Belonging.Yes;
        }

        // What is older than the supervisor can't be of its run: so what others do meanwhile, in the middle of an
        // execve(2) for one, makes nobody uncertain.
        if (run is null || process.Start < since)
        {
            return Belonging.No;
        }

        var environment = ProcessTable.Environment(process.Pid, out var isHidden);
        if (isHidden)
        {
            return since > 0 && ProcessTable.UserOf(process.Pid) == SystemCalls.EffectiveUser() ? Belonging.Hidden : Belonging.No;
        }

        return RunId.IsIn(environment, run) ? Belonging.Yes
            : environment.Length == 0 && process.IsBusy ? Belonging.Unclear
            : Belonging.No;
    }
}
