namespace Orchestrator.Matrix.Runners;

/// <summary>A shell script's way: setsid(1), and a trap that ends the session's first group.</summary>
internal sealed class SetsidRunner() : Runner("`setsid`, and a trap that kills the group")
{
    private const string Script = """
        setsid bash "$1" &
        trap 'kill -TERM -- -$!; sleep 0.5; kill -KILL -- -$!; exit 1' INT TERM
        wait
        """;

    internal override bool HasTimeout => false;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) => ["bash", "-c", Script, "bash", file];
}
