using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

public sealed class EndingTests : SupervisorTests
{
    public static TheoryData<string, string> ScriptsByEnd
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var script in Scripts.ByName.Keys)
            {
                foreach (var end in (string[])["owner killed", "owner's group killed", "TERM", "exit with leftovers"])
                {
                    data.Add(script, end);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ScriptsByEnd))]
    public async Task Nothing_survives(string script, string end)
    {
        // The owner is a shell that leads a group of its own; the supervisor is its child, as in a real build tool.
        var text = Scripts.For(script, Marker);
        var command = end == "exit with leftovers" ? text.Replace("echo READY;", "echo READY; exit 3;", StringComparison.Ordinal) : text;
        var work = Directory.Combine("work dir");
        var supervise = string.Join(' ', Supervise.CommandLine().Select(word => $"'{word}'"));
        var owner = StartOther(
            "setsid",
            "bash",
            "-c",
            $"{supervise} --owner $$ --work-dir \"$1\" --remove-work-dir always -- env TEST_MARK={Marker.Seconds} bash -c \"$2\" & echo $!; wait $!; exit $?",
            "bash",
            work,
            command);
        var supervisor = int.Parse((await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await WaitForReadyAsync(owner);
        switch (end)
        {
            case "owner killed": Signal.Send(owner, Signal.Kill); break;
            case "owner's group killed": Signal.SendToGroup(owner.Id, Signal.Kill); break;
            case "TERM": Signal.Send(supervisor, Signal.Term); break;
        }

        await Supervise.ExitAsync(owner);
        await Eventually.IsTrueAsync(() => Signal.Relations(supervisor) is null, "the supervisor ended");

        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(work));
        Assert.Equal(end switch { "TERM" => 143, "exit with leftovers" => 3, _ => 137 }, owner.ExitCode);
    }

    [Theory]
    [InlineData(true, Signal.Int)]
    [InlineData(true, Signal.Term)]
    [InlineData(true, Signal.Hup)]
    [InlineData(true, Signal.Quit)]
    [InlineData(false, Signal.Int)]
    [InlineData(false, Signal.Hup)]
    public async Task A_signal_to_the_supervisor_cancels_and_is_the_status(bool native, int signal)
    {
        var process = Start(native, "--", "bash", "-c", Scripts.For("plain tree", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, signal);

        Assert.Equal(128 + signal, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
    }

    [Fact]
    public async Task A_second_signal_kills_at_once_but_an_echo_of_the_first_does_not()
    {
        var events = Directory.Combine("events");
        var process = Start(true, "--grace", "3600000", "--events", events, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Int);
        Signal.Send(process, Signal.Term);
        await Eventually.IsTrueAsync(() => File.ReadAllText(events).Contains("signalled", StringComparison.Ordinal), "the first signal was passed on");
        Assert.NotEmpty(Marker.Alive());
        var first = DateTime.UtcNow;
        await Eventually.IsTrueAsync(() => DateTime.UtcNow - first > TimeSpan.FromMilliseconds(250), "the echo is over");
        Signal.Send(process, Signal.Int);

        // Two signals at one moment have no order.
        Assert.Contains(await Supervise.ExitAsync(process), (int[])[130, 143]);
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task What_an_outer_supervisor_signals_and_the_owner_hands_on_is_one_abort(bool native)
    {
        var done = Directory.Combine("done");
        string[] inner = [.. Supervise.CommandLine(native), "--grace", "3600000", "--", "bash", "-c", $"trap ': >\"$0.begun\"; until [ -e \"$0.go\" ]; do sleep 0.02; done; : >\"$0\"; exit' TERM; sleep {Marker.Seconds} & echo READY; wait", done];
        var outer = Start(native, ["--grace", "3600000", "--", "bash", "-c", "trap : TERM; \"$@\" & echo $!; wait; wait", "bash", "setsid", "-w", .. inner]);
        var pid = int.Parse((await outer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await WaitForReadyAsync(outer);
        Signal.Send(outer, Signal.Term);
        await Eventually.IsTrueAsync(() => File.Exists(done + ".begun"), "the abort went all the way in");
        var first = DateTime.UtcNow;
        await Eventually.IsTrueAsync(() => DateTime.UtcNow - first > TimeSpan.FromMilliseconds(250), "a second signal would count");
        Signal.Send(pid, Signal.Term);
        await Eventually.IsTrueAsync(() => !Signal.HasPending(pid, Signal.Term), "it was taken");
        await File.WriteAllTextAsync(done + ".go", "", TestContext.Current.CancellationToken);

        Assert.Equal(143, await Supervise.ExitAsync(outer));
        Assert.True(File.Exists(done));
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task The_grace_period_is_slept_through(string level)
    {
        Assert.SkipWhen(Levels.Problem(level) is not null, Levels.Problem(level) ?? "");
        var events = Directory.Combine("events");
        var process = Start(Supervise.HasNative, "--containment", level, "--grace", "1500", "--events", events, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);
        await Eventually.IsTrueAsync(() => File.ReadAllText(events).Contains("signalled", StringComparison.Ordinal), "the first signal was passed on");
        var (first, before) = (DateTime.UtcNow, process.TotalProcessorTime);
        await Eventually.IsTrueAsync(() => DateTime.UtcNow - first > TimeSpan.FromSeconds(1), "most of the grace period is over");

        Assert.InRange(process.TotalProcessorTime - before, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        Assert.Equal(143, await Supervise.ExitAsync(process));
    }

    [Fact]
    public async Task A_hang_up_changes_nothing_under_nohup()
    {
        var process = StartOther("nohup", [.. Supervise.CommandLine(), "--", "bash", "-c", $"echo READY; kill -HUP $PPID; kill -HUP $$; echo alive; sleep {Marker.Seconds}"]);
        await WaitForReadyAsync(process);
        Assert.Equal("alive", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task An_owner_that_is_gone_already_starts_nothing(bool native)
    {
        var gone = StartOther("true");
        await Supervise.ExitAsync(gone);

        var process = Start(native, "--owner", $"{Environment.ProcessId}:1", "--", "touch", Directory.Combine("ran"));
        Assert.Equal(143, await Supervise.ExitAsync(process));
        process = Start(native, "--owner", $"{gone.Id}", "--", "touch", Directory.Combine("ran"));
        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.False(File.Exists(Directory.Combine("ran")));
    }

    [Fact]
    public async Task Any_of_several_owners_cancels()
    {
        var (first, second) = (StartOther("sleep", Marker.Seconds), StartOther("sleep", Marker.Seconds));
        var process = Start(true, "--owner", $"{first.Id}", "--owner", $"{second.Id}", "--", "bash", "-c", Scripts.For("plain tree", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(second, Signal.Kill);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Equal([first.Id], Marker.Pids());
    }

    [Fact]
    public async Task With_an_owner_it_leaves_the_owners_session_and_without_it_stays_in_the_group()
    {
        var mine = Signal.Relations(Environment.ProcessId)!.Value;

        var own = Start(true, "--owner", $"{Environment.ProcessId}", "--", "bash", "-c", Scripts.For("plain tree", Marker));
        await WaitForReadyAsync(own);
        Assert.Equal((own.Id, own.Id), (Signal.Relations(own.Id)!.Value.Group, Signal.Relations(own.Id)!.Value.Session));
        Signal.Send(own, Signal.Term);
        var shared = Start(true, "--", "bash", "-c", Scripts.For("plain tree", Marker));
        await WaitForReadyAsync(shared);
        Assert.Equal((mine.Group, mine.Session), (Signal.Relations(shared.Id)!.Value.Group, Signal.Relations(shared.Id)!.Value.Session));
        Signal.Send(shared, Signal.Term);
        await Supervise.ExitAsync(own);
        await Supervise.ExitAsync(shared);
    }

    [Fact]
    public async Task Containment_group_ends_the_group_even_after_its_leader_and_says_what_it_is()
    {
        var events = Directory.Combine("events");
        var process = Start(true, "--containment", "group", "--events", events, "--", "bash", "-c", $"(trap '' TERM; sleep {Marker.Seconds}) & sleep {Marker.Seconds} & echo READY; exit 4");
        await WaitForReadyAsync(process);

        Assert.Equal(4, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.Equal("group", Events(events)[0].GetProperty("containment").GetString());
    }

    [Fact]
    public async Task A_thousand_siblings_and_a_chain_of_two_hundred_are_ended()
    {
        var chain = $"f() {{ if (($1 > 0)); then (f $(($1 - 1))); else exec sleep {Marker.Seconds}; fi; :; }}; (f 200) & for i in {{1..1000}}; do sleep {Marker.Seconds} & done; echo READY; wait";
        var process = Start(true, "--", "bash", "-c", chain);
        await WaitForReadyAsync(process);
        await Marker.UntilAliveAsync(1001);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
    }

    [Fact]
    public async Task A_run_inside_a_run_removes_its_own_directory_within_the_outer_grace_period()
    {
        var (outer, inner) = (Directory.Combine("outer"), Directory.Combine("inner"));
        var process = Start(
            true,
            ["--work-dir", outer, "--", .. Supervise.CommandLine(), "--work-dir", inner, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)]);
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(inner));
        Assert.False(System.IO.Directory.Exists(outer));
    }

    private static List<JsonElement> Events(string file) =>
        [.. File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement)];
}
