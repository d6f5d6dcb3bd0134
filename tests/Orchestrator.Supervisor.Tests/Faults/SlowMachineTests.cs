using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>Supervisor and command together have a hundredth of a processor: 1 ms of every 100.</summary>
public sealed class SlowMachineTests : FaultTests
{
    [Theory]
    [InlineData("plain tree", "auto")]
    [InlineData("scrubbed daemon", "auto")]
    [InlineData("scrubbed daemon", "supervised")]
    [InlineData("stopped and deaf", "supervised")]
    [InlineData("escapees that fork escapees", "supervised")]
    [InlineData("plain tree", "group")]
    public async Task Nothing_survives(string script, string containment)
    {
        var process = Start(true, [Slow()], "--containment", containment, "--kill-wait", "30000", "--events", EventFile, "--work-dir", Work, "--", "bash", "-c", Scripts.For(script, Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Fact]
    public async Task The_grace_period_begins_when_all_have_the_first_signal()
    {
        var process = Start(true, [Slow()], "--grace", "700", "--kill-wait", "30000", "--events", EventFile, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        var times = Events("signalled").Select(happened => happened.GetProperty("time").GetInt64()).ToList();
        Assert.Equal(2, times.Count);
        Assert.InRange(times[1] - times[0], 680, 60_000);
    }

    [Fact]
    public async Task What_cleans_up_within_the_grace_period_is_not_killed()
    {
        var cleaned = Directory.Combine("cleaned");
        var process = Start(true, [Slow()], "--grace", "50000", "--events", EventFile, "--", "bash", "-c", $"trap 'for ((i = 0; i < 2000; i++)); do :; done; touch \"{cleaned}\"; exit 9' TERM; echo READY; while :; do sleep 0.2; done");
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, (await EndAsync(process)).Status);
        Assert.True(File.Exists(cleaned));
        Assert.Equal(0, Assert.Single(Events("empty")).GetProperty("killed").GetInt32());
    }

    [Fact]
    public async Task A_run_inside_a_run_still_removes_its_own_directory()
    {
        var inner = Directory.Combine("inner");
        var process = Start(
            true,
            [Slow()],
            ["--kill-wait", "30000", "--work-dir", Work, "--", .. Supervise.CommandLine(), "--work-dir", inner, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)]);
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(inner));
        Assert.False(System.IO.Directory.Exists(Work));
    }

    private IReadOnlyList<string> Slow()
    {
        var group = NewGroup("cpu");
        group.Set("cpu.cfs_period_us", 100_000);
        group.Set("cpu.cfs_quota_us", 1_000);
        return group.Joining;
    }
}
