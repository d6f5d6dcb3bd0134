using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

public sealed class LeftoverTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    // A program that calls itself java, as a Gradle daemon does.
    private string Gradle =>
        $"(exec -a /usr/lib/jvm/bin/java perl - -Xmx1g -cp /x/gradle-launcher.jar org.gradle.launcher.daemon.bootstrap.GradleDaemon {marker.Seconds} <<< 'sleep 4000') & until tr '\\0' ' ' < /proc/$!/cmdline | grep -q '^/usr/lib/jvm/bin/java'; do :; done";

    [Theory]
    [InlineData("kill", 5, 0)]
    [InlineData("fail", 120, 0)]
    [InlineData("keep", 5, 2)]
    public async Task Each_policy_names_what_was_left(string policy, int exitCode, int alive)
    {
        var events = directory.Combine("events");
        using var job = Job.Start(
            Tool.Program,
            "run", "--leftovers", policy, "--events", events, "--", "bash", "-c",
            $"exec >/dev/null 2>&1; sleep {marker.Seconds} & setsid sleep {marker.Seconds} & until [ $(pgrep -cx -f 'sleep {marker.Seconds}') = 2 ]; do :; done; exit 5");

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Equal(alive, marker.Alive().Count);
        job.WaitForLine("==> WARNING: a process was left behind: ");
        job.WaitForLine("==> WARNING: a process was left behind: ");
        Assert.DoesNotContain("(bash)", job.Text, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadLines(events).Count(line => line.Contains("\"event\":\"leftover\"", StringComparison.Ordinal) && line.Contains("\"command\":\"sleep\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GradleDaemon", true)]
    [InlineData("org.gradle.launcher.daemon.bootstrap.GradleDaemon", true)]
    [InlineData("java", true)]
    [InlineData("perl", true)]
    [InlineData("gradle", false)]
    [InlineData("sleep", false)]
    public async Task A_daemon_is_allowed_by_the_name_that_people_know_it_by(string name, bool isAllowed)
    {
        using var job = Job.Start(Tool.Program, "run", "--leftovers", "fail", "--allow", name, "--", "bash", "-c", $"exec >/dev/null 2>&1; {Gradle}; exit 0");

        Assert.Equal(isAllowed ? 0 : 120, await job.ExitCodeAsync());
        Assert.Equal(isAllowed ? 1 : 0, marker.Alive().Count);
    }

    [Fact]
    public async Task An_abort_spares_no_allowed_daemon()
    {
        using var job = Job.Start(Tool.Program, "run", "--allow", "GradleDaemon", "--", "bash", "-c", $"{Gradle}; echo READY; wait");
        job.WaitForLine("READY");
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }
}
