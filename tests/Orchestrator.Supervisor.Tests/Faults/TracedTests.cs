using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>A process of the run that somebody traces has ended, and stays a zombie until the tracer, which never looks, lets go.</summary>
public sealed class TracedTests : FaultTests
{
    public static TheoryData<string> LevelsWithoutNamespace => ["supervised", "cgroup"];

    [Theory]
    [MemberData(nameof(LevelsWithoutNamespace))]
    public async Task One_that_the_command_has_left_does_not_keep_the_run(string level)
    {
        var (process, pid) = await StartAsync(level, "--", "bash", "-c", $"setsid sleep {Marker.Seconds} & echo $!; until [ -e '{Go}' ]; do sleep 0.02; done; exit 5");
        await HoldAsync(pid);
        await File.WriteAllTextAsync(Go, "", TestContext.Current.CancellationToken);

        Assert.Equal((5, ""), await EndAsync(process));
        Assert.Single(Events("empty"));
        Assert.Empty(Events("survived"));
    }

    [Theory]
    [MemberData(nameof(LevelsWithoutNamespace))]
    public async Task One_that_an_abort_leaves_is_no_survivor(string level)
    {
        var (process, pid) = await StartAsync(level, "--", "bash", "-c", $"setsid sleep {Marker.Seconds} & echo $!; trap '' TERM; while :; do sleep 0.02; done");
        await HoldAsync(pid);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Single(Events("empty"));
    }

    [Theory]
    [MemberData(nameof(LevelsWithoutNamespace))]
    public async Task The_command_itself_does_not_keep_the_supervisor_busy_nor_deaf(string level)
    {
        var (process, pid) = await StartAsync(level, "--", "bash", "-c", $"echo $$; exec sleep {Marker.Seconds}");
        await HoldAsync(pid);
        var (first, before) = (DateTime.UtcNow, process.TotalProcessorTime);
        await Eventually.IsTrueAsync(() => DateTime.UtcNow - first > TimeSpan.FromSeconds(1), "a busy one would have been busy");
        Assert.InRange(process.TotalProcessorTime - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(150));
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
    }

    private string Go => Directory.Combine("go");

    private async Task<(Process Process, int Pid)> StartAsync(string level, params IEnumerable<string> command)
    {
        NeedTool("perl");
        Assert.SkipWhen(Levels.Problem(level) is not null, Levels.Problem(level) ?? "");
        var process = Start(Supervise.HasNative, ["--containment", level, "--grace", "200", "--kill-wait", "2000", "--events", EventFile, .. command]);
        return (process, int.Parse((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture));
    }

    // Ends it while a tracer has it.
    private async Task HoldAsync(int pid)
    {
        var tracer = StartOther("perl", [.. Sandbox.Tracing(pid).Skip(1), "sleep", "3600"]);
        await Eventually.IsTrueAsync(() => Field(pid, "TracerPid:") == $"{tracer.Id}", "it is traced");
        Signal.Send(pid, Signal.Kill);
        await Eventually.IsTrueAsync(() => Field(pid, "State:").StartsWith('Z'), "it has ended");
    }

    private static string Field(int pid, string name) =>
        File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
