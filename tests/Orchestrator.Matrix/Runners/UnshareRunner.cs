using Orchestrator.Testing;

namespace Orchestrator.Matrix.Runners;

/// <summary>unshare(1) alone: the script is PID 1 of a namespace that ends with it.</summary>
internal sealed class UnshareRunner() : Runner("`unshare --pid --fork --kill-child`")
{
    internal override string? Problem => Levels.Problem("namespace");

    internal override bool HasTimeout => false;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) =>
        ["unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", file];
}
