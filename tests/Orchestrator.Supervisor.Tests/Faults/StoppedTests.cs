using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>Somebody stops the supervisor (SIGSTOP), and lets it go on later.</summary>
public sealed class StoppedTests : FaultTests
{
    private const int Continue = 18;

    [Theory]
    [InlineData(true, "TERM")]
    [InlineData(true, "owner")]
    [InlineData(true, "exit")]
    [InlineData(false, "TERM")]
    [InlineData(false, "owner")]
    [InlineData(false, "exit")]
    public async Task What_happened_meanwhile_is_made_up_for(bool native, string end)
    {
        var owner = StartOther("sleep", "3600");
        var (text, status) = end == "exit"
            ? (Scripts.For("scrubbed daemon", Marker).Replace("echo READY; sleep", "echo READY; read line < \"$0\"; exit 3; sleep", StringComparison.Ordinal), 3)
            : (Scripts.For("scrubbed daemon", Marker), 143);
        var fifo = Directory.Combine("fifo");
        await Supervise.ExitAsync(StartOther("mkfifo", fifo));
        var process = Start(native, "--owner", $"{owner.Id}", "--events", EventFile, "--work-dir", Work, "--remove-work-dir", "always", "--", "bash", "-c", text, fifo);
        await WaitForReadyAsync(process);
        await UntilEventAsync("started");
        var command = Events("started")[0].GetProperty("pid").GetInt32();
        await StopAsync(process.Id);
        switch (end)
        {
            case "TERM": Signal.Send(process, Signal.Term); break;
            case "owner": Signal.Send(owner, Signal.Kill); await Supervise.ExitAsync(owner); break;
            case "exit":
                await File.WriteAllTextAsync(fifo, "go\n", TestContext.Current.CancellationToken);
                await Eventually.IsTrueAsync(() => State(command) == 'Z', "the command exited");
                break;
        }

        Assert.NotEmpty(Marker.Alive());
        Signal.Send(process, Continue);

        Assert.Equal(status, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Stopped_in_the_grace_period_it_goes_on_to_the_end(bool native)
    {
        var process = Start(native, "--grace", "1000", "--events", EventFile, "--work-dir", Work, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);
        await UntilEventAsync("signalled");
        await StopAsync(process.Id);
        var stopped = System.Diagnostics.Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync(() => System.Diagnostics.Stopwatch.GetElapsedTime(stopped).TotalMilliseconds > 1500, "the grace period is over");
        Assert.NotEmpty(Marker.Alive());
        Signal.Send(process, Continue);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Theory]
    [InlineData(true, "TERM")]
    [InlineData(true, "owner")]
    [InlineData(false, "TERM")]
    [InlineData(false, "owner")]
    public async Task A_keeper_makes_up_for_it_too(bool native, string end)
    {
        var owner = StartOther("sleep", "3600");
        var keeper = Start(native, "--owner", $"{owner.Id}", "--events", EventFile, "--hold", "--work-dir", Work, "--remove-work-dir", "always");
        await UntilEventAsync("started");
        await StopAsync(keeper.Id);
        if (end == "TERM")
        {
            Signal.Send(keeper, Signal.Term);
        }
        else
        {
            Signal.Send(owner, Signal.Kill);
            await Supervise.ExitAsync(owner);
        }

        Assert.True(System.IO.Directory.Exists(Work));
        Signal.Send(keeper, Continue);

        Assert.Equal(end == "TERM" ? 0 : 143, await Supervise.ExitAsync(keeper));
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Fact]
    public async Task A_keeper_that_is_stopped_while_it_waits_for_a_run_removes_the_directory_in_the_end()
    {
        var owner = StartOther("sleep", "3600");
        var keeper = Start(true, "--owner", $"{owner.Id}", "--events", EventFile, "--hold", "--work-dir", Work, "--remove-work-dir", "always");
        await UntilEventAsync("started");
        var run = Start(true, "--owner", $"{owner.Id}", "--grace", "1000", "--work-dir", Work, "--remove-work-dir", "never", "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker));
        await WaitForReadyAsync(run);
        Signal.Send(owner, Signal.Kill);
        await StopAsync(keeper.Id);

        Assert.Equal(143, await Supervise.ExitAsync(run));
        Assert.True(System.IO.Directory.Exists(Work));
        Signal.Send(keeper, Continue);
        Assert.Equal(143, await Supervise.ExitAsync(keeper));
        Assert.False(System.IO.Directory.Exists(Work));
    }

    private static Task StopAsync(int pid)
    {
        Signal.Send(pid, Signal.Stop);
        return Eventually.IsTrueAsync(() => State(pid) == 'T', "it is stopped");
    }

    // proc(5): the state comes after the name, which can hold anything.
    private static char State(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }
}
