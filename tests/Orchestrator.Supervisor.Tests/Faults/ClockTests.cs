using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>Somebody sets the clock back by an hour. Time limits are measured by another one.</summary>
public sealed class ClockTests : FaultTests
{
    // The managed program, since libfaketime cannot reach into one that is linked statically.
    [Theory]
    [InlineData("TERM")]
    [InlineData("timeout")]
    public async Task Set_back_during_a_run_it_changes_no_limit(string end)
    {
        var began = Stopwatch.GetTimestamp();
        var process = Start(end == "timeout" ? ["--timeout", "2000"] : []);
        await WaitForReadyAsync(process);
        await UntilEventAsync("started");
        SetBack();
        if (end == "TERM")
        {
            Signal.Send(process, Signal.Term);
        }

        Assert.Equal((end == "TERM" ? 143 : 124, ""), await EndAsync(process));
        if (end == "timeout")
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(2), FarTooLong);
        }

        AssertEnded("cancelling");
    }

    [Fact]
    public async Task Set_back_during_the_grace_period_it_does_not_stretch_it()
    {
        var process = Start();
        await WaitForReadyAsync(process);
        await UntilEventAsync("started");
        Signal.Send(process, Signal.Term);
        await UntilEventAsync("signalled");
        SetBack();

        Assert.Equal((143, ""), await EndAsync(process));
        AssertEnded("empty");
    }

    private Process Start(params IEnumerable<string> options)
    {
        var library = System.IO.Directory.Exists("/usr/lib")
            ? System.IO.Directory.EnumerateDirectories("/usr/lib").SelectMany(folder => (string[])[$"{folder}/faketime/libfaketimeMT.so.1"]).FirstOrDefault(File.Exists)
            : null;
        Assert.SkipUnless(library is not null, "faketime is not installed");
        File.WriteAllText(Directory.Combine("clock"), "+0");
        return Start(
            false,
            [["env", $"LD_PRELOAD={library}", $"FAKETIME_TIMESTAMP_FILE={Directory.Combine("clock")}", "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1"]],
            ["--events", EventFile, "--work-dir", Work, .. options, "--", "env", "-u", "LD_PRELOAD", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)]);
    }

    private void SetBack() => File.WriteAllText(Directory.Combine("clock"), "-3600");

    private void AssertEnded(string firstAfter)
    {
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
        Assert.InRange(Assert.Single(Events("empty")).GetProperty("milliseconds").GetInt64(), 500, 10_000);

        // It was really set back.
        var (before, after) = (Time(Events("started")[0]), Time(Events(firstAfter)[0]));
        Assert.InRange(before - after, 3_500_000, 3_600_000);
    }

    private static long Time(JsonElement happened) => happened.GetProperty("time").GetInt64();
}
