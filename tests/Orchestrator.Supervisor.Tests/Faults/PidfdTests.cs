using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>pidfd_open(2), pidfd_send_signal(2) or both are refused, as by an old kernel or by a sandbox's seccomp filter.</summary>
public sealed class PidfdTests : FaultTests
{
    public static TheoryData<bool, int, string> Refusals
    {
        get
        {
            var data = new TheoryData<bool, int, string>();
            foreach (var native in (bool[])[true, false])
            {
                foreach (var error in (int[])[Sandbox.NotPermitted, Sandbox.NotImplemented])
                {
                    foreach (var calls in (string[])["pidfd_open", "pidfd_send_signal", "both"])
                    {
                        data.Add(native, error, calls);
                    }
                }
            }

            return data;
        }
    }

    public static TheoryData<string, string> ScriptsByLevel
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var script in Scripts.ByName.Keys)
            {
                foreach (var level in (string[])["supervised", "auto", "namespace"])
                {
                    data.Add(script, level);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_run_is_ended(bool native, int error, string calls)
    {
        var process = Start(native, [Refused(error, calls)], "--containment", "supervised", "--work-dir", Work, "--", "bash", "-c", Scripts.For("escapees that fork escapees", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Theory]
    [MemberData(nameof(ScriptsByLevel))]
    public async Task Every_script_is_ended(string script, string level)
    {
        var process = Start(true, [Refused(Sandbox.NotPermitted)], "--containment", level, "--", "bash", "-c", Scripts.For(script, Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Escapees_get_the_first_signal_too_and_nothing_waits_out_the_grace_period(bool native, int error, string calls)
    {
        var trapped = Directory.Combine("trapped");
        var process = Start(native, [Refused(error, calls)], "--containment", "supervised", "--grace", "40000", "--", "bash", "-c", $"setsid bash -c 'trap \"touch \\\"{trapped}\\\"; exit\" TERM; echo READY; while :; do sleep 0.01; done' & wait");
        await WaitForReadyAsync(process);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, (await EndAsync(process)).Status); // bash says that its sleep was terminated
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.True(File.Exists(trapped));
    }

    [Fact]
    public async Task The_level_group_does_not_wait_out_the_grace_period()
    {
        var process = Start(true, [Refused(Sandbox.NotPermitted)], "--containment", "group", "--grace", "40000", "--", "bash", "-c", $"(sleep {Marker.Seconds} & sleep {Marker.Seconds} &); echo READY; exec sleep {Marker.Seconds}");
        await WaitForReadyAsync(process);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_owner_that_is_the_parent_is_watched(bool native, int error, string calls)
    {
        string[] words = [.. Refused(error, calls), .. Supervise.CommandLine(native), "--owner", "PARENT", "--work-dir", Work, "--", "bash", "-c", Scripts.For("scrubbed daemon", Marker)];
        var owner = StartOther("bash", ["-c", "\"${@/#PARENT/$$}\" & echo $!; wait", "bash", .. words]);
        var supervisor = int.Parse((await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await WaitForReadyAsync(owner);
        Signal.Send(owner, Signal.Kill);

        await Eventually.IsTrueAsync(() => Signal.Relations(supervisor) is null, "the supervisor ended");
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_owner_that_is_somebody_else_is_looked_for(bool native, int error, string calls)
    {
        var owner = StartOther("sleep", "3600");
        var process = Start(native, [Refused(error, calls)], "--owner", $"{owner.Id}", "--work-dir", Work, "--", "bash", "-c", Scripts.For("scrubbed daemon", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(owner, Signal.Kill);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Theory]
    [InlineData(true, "fifo")]
    [InlineData(true, "pipe")]
    [InlineData(false, "fifo")]
    [InlineData(false, "pipe")]
    public async Task A_lifeline_ends_with_its_owner(bool native, string kind)
    {
        // Only the shell holds its other end open; what it writes into it means nothing.
        var fifo = Directory.Combine("lifeline");
        await Supervise.ExitAsync(StartOther("mkfifo", fifo));
        var (open, path) = kind == "fifo" ? ($"exec 9<>'{fifo}'; exec 8>'{fifo}'; exec 9<&-", fifo) : ("exec 8> >(exec cat >/dev/null)", "/proc/$$/fd/8");
        string[] words = [.. Refused(Sandbox.NotPermitted), .. Supervise.CommandLine(native), "--lifeline", "LIFELINE", "--work-dir", Work, "--", "bash", "-c", Scripts.For("scrubbed daemon", Marker)];
        var owner = StartOther("bash", ["-c", $"{open}; \"${{@/#LIFELINE/{path}}}\" 8>&- & echo $!; echo x >&8; wait", "bash", .. words]);
        var supervisor = int.Parse((await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await WaitForReadyAsync(owner);
        Assert.Equal(supervisor, Signal.Relations(supervisor)!.Value.Session); // as with --owner
        Signal.Send(owner, Signal.Kill);

        await Eventually.IsTrueAsync(() => Signal.Relations(supervisor) is null, "the supervisor ended");
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Fact]
    public async Task A_lifeline_that_has_ended_already_starts_nothing()
    {
        var fifo = Directory.Combine("lifeline");
        await Supervise.ExitAsync(StartOther("mkfifo", fifo));

        Assert.Equal(143, (await RunAsync(true, "--lifeline", fifo, "--", "touch", Directory.Combine("ran"))).ExitCode);
        Assert.Equal(143, (await RunAsync(true, "--lifeline", "/proc/999999999/fd/3", "--", "touch", Directory.Combine("ran"))).ExitCode);
        Assert.Equal(125, (await RunAsync(true, "--lifeline", "/dev/null", "--", "touch", Directory.Combine("ran"))).ExitCode);
        Assert.False(File.Exists(Directory.Combine("ran")));
    }

    [Theory]
    [InlineData(Sandbox.NotPermitted, "Operation not permitted")]
    [InlineData(Sandbox.NotImplemented, "Function not implemented (Linux 5.3 or newer is needed)")]
    public async Task The_probe_says_so_and_offers_the_levels_all_the_same(int error, string reason)
    {
        var process = Start(true, [Refused(error)], "--probe");

        var json = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.False(json.GetProperty("pidfd").GetProperty("available").GetBoolean());
        Assert.Equal($"pidfd_open: {reason}", json.GetProperty("pidfd").GetProperty("reason").GetString());
        Assert.True(json.GetProperty("containment").GetProperty("supervised").GetProperty("available").GetBoolean());
    }

    private static IReadOnlyList<string> Refused(int error, string calls = "both")
    {
        NeedTool("perl");
        return Sandbox.Refusing(error, calls switch
        {
            "pidfd_open" => [Sandbox.PidfdOpen],
            "pidfd_send_signal" => [Sandbox.PidfdSendSignal],
            _ => [Sandbox.PidfdOpen, Sandbox.PidfdSendSignal],
        });
    }
}
