using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>One build with a task for each use of what ExecInProcessGroup has beyond Exec.</summary>
public sealed class ParameterBuild(PackedPackage package) : IAsyncLifetime
{
    // Until then it is called sh, or setsid.
    private const string Settled = "until grep -qs sleep /proc/$!/comm; do :; done;";

    private static readonly string[] Outputs = ["ExitCode", "ConsoleOutput", "ProcessGroupId", "Signal", "Leftovers", "Escapees", "PeakMemory", "CpuTime"];

    private readonly TestDirectory directory = new();
    private readonly Dictionary<string, Marker> markers = [];
    private LoggedBuild build = null!;

    public LoggedTask this[string name] => build[name];

    /// <summary>Whether a folder of the project is there after the build.</summary>
    public bool HasFolder(string name) => Directory.Exists(directory.Combine(name));

    /// <summary>How many lines a file of the project has after the build.</summary>
    public int CountLines(string name) => File.ReadLines(directory.Combine(name)).Count();

    /// <summary>What the task of a case started and is alive.</summary>
    public IReadOnlyList<string> Alive(string name) => markers[name].Alive();

    public async ValueTask InitializeAsync()
    {
        // A grace period from the environment that no test could wait for: each run that lasts longer would show.
        var environment = new Dictionary<string, string> { ["CANCEL_TIMEOUT_MS"] = "60000" };
        build = await LoggedBuild.RunAsync(package, directory, "ExecInProcessGroup", Cases().ToDictionary(one => one.Name, one => Mark(one.Name, one.Attributes)), Outputs, environment);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var marker in markers.Values)
        {
            marker.KillAll();
        }

        build.Dispose();
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<(string Name, string Attributes)> Cases()
    {
        const string Tidy = "trap 'echo tidied; exit 0' TERM; sleep MARK &amp; wait";
        const string Flaky = "echo x >> COUNT; if [ %24(wc -l &lt; COUNT) -lt 3 ]; then echo 'a.c(1): error X1: flaky'; exit 7; fi; echo good > /dev/null";
        yield return ("Timeout", "Command=\"sleep MARK\" Timeout=\"1000\"");
        yield return ("a long grace period", $"Command=\"{Tidy}\" Timeout=\"1000\" GracePeriod=\"3600000\"");
        yield return ("GracePeriod", "Command=\"trap '' TERM; echo deaf; sleep MARK; sleep MARK\" Timeout=\"1000\" GracePeriod=\"100\"");
        yield return ("CANCEL_TIMEOUT_MS", "Command=\"trap 'sleep 1; echo finished; exit 0' TERM; sleep MARK &amp; wait\" Timeout=\"1000\"");
        yield return ("CANCEL_TIMEOUT_MS for the command", "Command=\"trap 'sleep 1; echo finished with $CANCEL_TIMEOUT_MS; exit 0' TERM; sleep MARK &amp; wait\" Timeout=\"1000\" EnvironmentVariables=\"CANCEL_TIMEOUT_MS=1\"");
        yield return ("CancelSignal", "Command=\"trap 'echo got USR1; exit 0' USR1; while :; do sleep 0.05; done\" Timeout=\"1000\" CancelSignal=\"SIGUSR1\"");

        yield return ("leftovers by default", $"Command=\"sleep MARK &amp; {Settled} echo done\" GracePeriod=\"100\"");
        yield return ("Leftovers kill", $"Command=\"setsid sleep MARK &amp; {Settled} echo done\" Leftovers=\"kill\" GracePeriod=\"100\"");
        yield return ("Leftovers keep", $"Command=\"sleep MARK &amp; {Settled} echo done\" Leftovers=\"Keep\"");
        yield return ("Leftovers fail", $"Command=\"sleep MARK &amp; {Settled} echo done\" Leftovers=\"fail\" GracePeriod=\"100\"");
        yield return ("AllowedLeftovers", $"Command=\"sleep MARK &amp; {Settled} echo done\" Leftovers=\"fail\" AllowedLeftovers=\"sccache;sleep\"");
        yield return ("AllowedLeftovers with others", $"Command=\"sleep MARK &amp; {Settled} echo done\" Leftovers=\"fail\" AllowedLeftovers=\"sccache\" GracePeriod=\"100\"");

        foreach (var level in Levels.Followers.Append("group").Where(level => Levels.Problem(level) is null))
        {
            yield return ($"Containment {level}", $"Command=\"echo in {level}\" Containment=\"{level}\"");
        }

        yield return ("WorkDirectory", "Command=\"test -d made &amp;&amp; touch made/file\" WorkDirectory=\"made\"");
        yield return ("WorkDirectory of a run that is ended", "Command=\"touch ended/file; sleep MARK\" WorkDirectory=\"ended\" Timeout=\"1000\"");
        yield return ("RemoveWorkDirectory never", "Command=\"touch never/file; sleep MARK\" WorkDirectory=\"never\" RemoveWorkDirectory=\"never\" Timeout=\"1000\"");
        yield return ("RemoveWorkDirectory always", "Command=\"touch always/file\" WorkDirectory=\"always\" RemoveWorkDirectory=\"Always\"");
        yield return ("WorkDirectory in WorkingDirectory", "Command=\"test -d inner\" WorkingDirectory=\"made\" WorkDirectory=\"inner\" RemoveWorkDirectory=\"never\"");

        yield return ("Retries", $"Command=\"{Flaky.Replace("COUNT", "flaky", StringComparison.Ordinal)}\" Retries=\"5\" RetryExitCodes=\"3;7\"");
        yield return ("Retries that do not help", "Command=\"echo x >> hopeless; echo 'a.c(1): error X1: bad'; exit 7\" Retries=\"2\" RetryExitCodes=\"7\"");
        yield return ("Retries for another exit code", "Command=\"echo x >> other; exit 7\" Retries=\"2\" RetryExitCodes=\"8\"");
        yield return ("Retries of a run that timed out", "Command=\"echo x >> late; sleep MARK\" Timeout=\"1000\" Retries=\"2\" RetryExitCodes=\"124\"");
        yield return ("Retries with LogStandardErrorAsError", $"Command=\"exec 1>&amp;2; {Flaky.Replace("COUNT", "loud", StringComparison.Ordinal)}\" LogStandardErrorAsError=\"true\" Retries=\"5\" RetryExitCodes=\"7\"");
        yield return ("Retries with IgnoreStandardErrorWarningFormat", $"Command=\"{Flaky.Replace("COUNT", "plain", StringComparison.Ordinal)}\" IgnoreStandardErrorWarningFormat=\"true\" Retries=\"5\" RetryExitCodes=\"7\"");

        yield return ("SIGPIPE", "Command=\"{ yes; echo ended with $? >&amp;2; } | head -n 1\"");
        yield return ("ProcessGroupId", "Command=\"echo $$\" ConsoleToMSBuild=\"true\" Containment=\"supervised\"");
        yield return ("Signal", "Command=\"kill -SEGV $$\"");
        yield return ("Escapees", "Command=\"setsid sleep MARK &amp; wait\" Timeout=\"1000\" GracePeriod=\"100\" Containment=\"supervised\"");
        yield return ("usage", "Command=\"i=0; while [ $i -lt 50000 ]; do i=%24((i+1)); done\"");
    }

    private string Mark(string name, string attributes)
    {
        var marker = markers[name] = new Marker();
        return attributes.Replace("MARK", marker.Seconds, StringComparison.Ordinal);
    }
}
