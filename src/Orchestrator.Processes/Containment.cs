namespace Orchestrator.Processes;

/// <summary>What holds the processes of a run together, from the weakest to the strongest.</summary>
public enum Containment
{
    /// <summary>The strongest that this machine lets an ordinary user have without changing what the command sees.</summary>
    Auto,

    /// <summary>The process group of the command alone (<c>setpgid(2)</c>): what leaves the group is not followed.</summary>
    Group,

    /// <summary>The group, a subreaper (<c>PR_SET_CHILD_SUBREAPER</c>) that adopts what daemonizes, and a sweep of all descendants.</summary>
    Supervised,

    /// <summary>A control group, killed at once by the kernel (<c>cgroups(7)</c>, version 2).</summary>
    Cgroup,

    /// <summary>A user and PID namespace, emptied by the kernel when its init dies (<c>pid_namespaces(7)</c>).</summary>
    Namespace,

    /// <summary>A Windows Job Object that the kernel closes with its owner.</summary>
    Job,
}
