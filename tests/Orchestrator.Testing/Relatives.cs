using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Testing;

/// <summary>Looks at processes by their numbers.</summary>
public static class Relatives
{
    /// <summary>Children of a process that have a name (comm).</summary>
    public static IReadOnlyList<int> Children(int parent, string name) =>
        [.. ProcessTable.Children(parent).Where(child => ProcessTable.Find(child) is { IsAlive: true } entry && entry.Name == name)];

    /// <summary>Whether a process, other than as a zombie, is there.</summary>
    public static bool IsAlive(int pid) => ProcessTable.Find(pid) is { IsAlive: true };

    /// <summary>Whether a process group has a living member.</summary>
    public static bool IsGroupAlive(int pgid) => ProcessTable.All().Exists(process => process.Group == pgid && process.IsAlive);
}
