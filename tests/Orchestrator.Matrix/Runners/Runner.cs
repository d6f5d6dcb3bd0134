namespace Orchestrator.Matrix.Runners;

/// <summary>A way to run a script, and to end it when it is told to.</summary>
/// <param name="name">As in the table, in Markdown.</param>
internal abstract class Runner(string name)
{
    /// <summary>All that are compared, ours last.</summary>
    internal static IReadOnlyList<Runner> All { get; } =
    [
        new ProcessKillRunner(),
        new CliWrapRunner(),
        new MSBuildRunner(),
        new TimeoutRunner(),
        new SetsidRunner(),
        new GroupKillRunner(),
        new SystemdRunner("--scope"),
        new SystemdRunner("--pipe", "--wait"),
        new UnshareRunner(),
        new OwnRunner("supervised"),
        new OwnRunner("cgroup"),
        new OwnRunner("namespace"),
    ];

    /// <summary>As in the table, in Markdown.</summary>
    internal string Name => name;

    /// <summary>Why it cannot be run here; null if it can.</summary>
    internal virtual string? Problem => null;

    /// <summary>Whether it ends a script by itself after a time.</summary>
    internal abstract bool HasTimeout { get; }

    /// <summary>What starts the script.</summary>
    /// <param name="file">The script, for bash.</param>
    /// <param name="timeout">After how long it is to be ended; null for never.</param>
    internal abstract IEnumerable<string> CommandLine(string file, TimeSpan? timeout);
}
