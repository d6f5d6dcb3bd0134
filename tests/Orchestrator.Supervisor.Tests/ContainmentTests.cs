using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

/// <summary>What each level does beyond the others, and what it must not change.</summary>
public sealed class ContainmentTests : SupervisorTests
{
    // Nothing but its parent, for as long as it has one, says whose it is.
    private const string Daemon = "env -i setsid sh -c 'cd /; (exec sleep MARK </dev/null >/dev/null 2>&1 &)'; ";

    public static TheoryData<string, bool> LevelsByProgram
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var level in (string[])["group", .. Levels.Followers])
            {
                foreach (var program in Programs)
                {
                    data.Add(level, program.Data);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(LevelsByProgram))]
    public async Task The_command_is_started_as_under_every_other_level(string level, bool native)
    {
        RequireLevel(level);
        var (exitCode, output, error) = await RunAsync(
            native, "--containment", level, "--umask", "027", "--directory", Directory.Path, "--", "bash", "-c",
            "id -u; umask; pwd; readlink /proc/self/fd/0; echo \"$1\"; echo problem >&2; kill -0 $PPID && trap | wc -l; exit 7", "bash", "a  b\n'é");

        Assert.Equal(7, exitCode);
        Assert.Equal($"{(await RunAsync(native, "--", "id", "-u")).Output}0027\n{Directory.Path}\n/dev/null\na  b\n'é\n0\n", output);
        Assert.Equal("problem\n", error);
    }

    [Theory]
    [MemberData(nameof(LevelsByProgram))]
    public async Task The_exit_status_is_the_commands_own(string level, bool native)
    {
        RequireLevel(level);
        Assert.Equal(137, (await RunAsync(native, "--containment", level, "--", "sh", "-c", "kill -KILL $$")).ExitCode);
        Assert.Equal(139, (await RunAsync(native, "--containment", level, "--", "sh", "-c", "ulimit -c 0; kill -SEGV $$")).ExitCode);
        Assert.Equal((127, "orchestrator-supervise: 'orchestrator-no-such-program' was not found\n"), Ending(await RunAsync(native, "--containment", level, "--", "orchestrator-no-such-program")));
        Assert.Equal(126, (await RunAsync(native, "--containment", level, "--", "/etc/passwd")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(LevelsByProgram))]
    public async Task Events_name_the_level_and_processes_by_the_numbers_that_everybody_sees(string level, bool native)
    {
        RequireLevel(level);
        var file = Directory.Combine("events");
        var process = Start(native, "--containment", level, "--events", file, "--", "bash", "-c", $"trap '' TERM; echo READY; while :; do sleep {Marker.Seconds}; done");
        await WaitForReadyAsync(process);
        await Marker.UntilAliveAsync(2);
        var alive = Marker.Pids();
        Signal.Send(process, Signal.Term);
        Assert.Equal(143, await Supervise.ExitAsync(process));

        Assert.Empty(Marker.Alive());
        var started = Told(file, "started").Single();
        Assert.Equal(level, started.GetProperty("containment").GetString());
        Assert.Contains(started.GetProperty("pid").GetInt32(), alive);
        Assert.Equal(started.GetProperty("pid").GetInt32(), started.GetProperty("pgid").GetInt32());
        Assert.False(started.TryGetProperty("fallback", out _));
        Assert.Empty(ControlGroups(started.GetProperty("run").GetString()!));
    }

    [Fact]
    public async Task Killing_everything_of_ours_empties_a_namespace()
    {
        RequireLevel("namespace");
        foreach (var victims in (string[][])[["supervisor"], ["supervisor", "unshare"], ["unshare"], ["init"], ["supervisor", "unshare", "init"]])
        {
            var file = Directory.Combine($"events of {string.Join(' ', victims)}");
            var process = Start(true, "--containment", "namespace", "--events", file, "--", "bash", "-c", $"{Daemon.Replace("MARK", Marker.Seconds, StringComparison.Ordinal)} trap '' TERM; echo READY; while :; do sleep {Marker.Seconds}; done");
            await WaitForReadyAsync(process);
            await Marker.UntilAliveAsync(3);
            var init = Signal.Relations(Told(file, "started").Single().GetProperty("pid").GetInt32())!.Value.Parent;
            var unshare = Signal.Relations(init)!.Value.Parent;
            foreach (var victim in victims)
            {
                Signal.Send(victim switch { "supervisor" => process.Id, "unshare" => unshare, _ => init }, Signal.Kill);
            }

            await Supervise.ExitAsync(process);
            await Eventually.IsTrueAsync(() => Marker.Alive().Count == 0, "the namespace is empty");
            Assert.Equal(137, process.ExitCode);
        }
    }

    [Fact]
    public async Task A_command_cannot_hide_from_a_control_group_in_a_fork_storm()
    {
        RequireLevel("cgroup");
        var file = Directory.Combine("events");
        var process = Start(
            true, "--containment", "cgroup", "--grace", "100", "--events", file, "--", "env", $"M={Marker.Seconds}", "bash", "-c",
            "export s='trap \"\" TERM INT HUP; setsid bash -c \"$s\" & exit'; for i in {1..20}; do setsid bash -c \"$s\" & done; echo READY; sleep $M");
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.Empty(Told(file, "survived"));
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task Leftovers_that_are_kept_live_on_without_the_supervisor(string level)
    {
        RequireLevel(level);
        var file = Directory.Combine("events");
        var (exitCode, _, _) = await RunAsync(true, "--containment", level, "--leftovers", "keep", "--events", file, "--", "sh", "-c", $"sleep {Marker.Seconds} >/dev/null 2>&1 & until grep -qx sleep /proc/$!/comm; do :; done; exit 5");

        Assert.Equal(5, exitCode);
        Assert.Single(Marker.Alive(), name => name.EndsWith("(sleep)", StringComparison.Ordinal));
        Assert.Equal("sleep", Told(file, "leftover").Single().GetProperty("command").GetString());
        var run = Told(file, "started").Single().GetProperty("run").GetString()!;
        Assert.Empty(ControlGroups(run));

        // Whatever else is there to hold a namespace goes with the last of them.
        Marker.Pids().Where(pid => Name(pid) == "sleep").ToList().ForEach(pid => Signal.Send(pid, Signal.Kill));
        await Eventually.IsTrueAsync(() => Marker.Alive().Count == 0, "nothing is left");
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task What_is_allowed_stays_and_the_rest_is_ended(string level)
    {
        RequireLevel(level);
        var daemon = Directory.Combine("daemon");
        File.CreateSymbolicLink(daemon, "/bin/sleep");
        var (exitCode, _, _) = await RunAsync(
            true, "--containment", level, "--leftovers", "fail", "--allow", "daemon", "--", "bash", "-c",
            $"setsid '{daemon}' {Marker.Seconds} >/dev/null 2>&1 & sleep {Marker.Seconds} >/dev/null 2>&1 &");

        Assert.Equal(120, exitCode);
        Assert.Equal(["daemon"], Marker.Pids().Select(Name).Where(name => name is "daemon" or "sleep"));
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("cgroup")]
    [InlineData("namespace")]
    public async Task An_abort_while_leftovers_are_ended_ends_what_is_allowed_too(string level)
    {
        RequireLevel(level);
        var (daemon, file, work) = (Directory.Combine("daemon"), Directory.Combine("events"), Directory.Combine("work"));
        File.CreateSymbolicLink(daemon, "/bin/sleep");
        var process = Start(
            true, "--containment", level, "--grace", "3000", "--allow", "daemon", "--events", file, "--work-dir", work, "--", "bash", "-c",
            $"setsid '{daemon}' {Marker.Seconds} >/dev/null 2>&1 & (trap '' TERM; echo READY; while :; do sleep {Marker.Seconds}; done) & read -t 0.5 <> <(:)");
        await WaitForReadyAsync(process);
        await Eventually.IsTrueAsync(() => Told(file, "signalled").Any(), "the leftovers have got their signal");
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(work));
    }

    [Fact]
    public async Task A_level_that_was_asked_for_is_never_replaced_by_a_weaker_one()
    {
        var program = await ForEverybodyAsync();
        var file = Directory.Combine("events");
        RequireRoot();
        var refused = await EndAsync(AsNobody(program, "--containment", "cgroup", "--", "echo", "started"));
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, (UnixFileMode)0x1B6); // rw-rw-rw-
        var fallen = await EndAsync(AsNobody(program, "--events", file, "--", "true"));

        Assert.Equal(125, refused.ExitCode);
        Assert.Equal("", refused.Output);
        Assert.Contains("containment 'cgroup' is not available: no control group can be made in /sys/fs/cgroup", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, fallen.ExitCode);
        var started = Told(file, "started").Single();
        Assert.Equal("supervised", started.GetProperty("containment").GetString());
        Assert.StartsWith("cgroup: no control group can be made", started.GetProperty("fallback").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_made_is_one_clear_error_with_its_reason()
    {
        RequireLevel("namespace");
        var supervise = string.Join(' ', Supervise.CommandLine().Select(word => $"'{word}'"));
        var (exitCode, output, error) = await EndAsync(StartOther(
            "unshare", "--user", "--map-root-user", "bash", "-c", $"echo 0 >/proc/sys/user/max_user_namespaces && {supervise} --containment namespace --work-dir '{Directory.Combine("work")}' --remove-work-dir always -- echo started"));

        Assert.Equal(125, exitCode);
        Assert.Equal("", output);
        Assert.Equal("orchestrator-supervise: containment 'namespace' is not available: unshare: unshare failed: No space left on device\n", error);
        Assert.False(System.IO.Directory.Exists(Directory.Combine("work")));
    }

    [Fact]
    public async Task An_ordinary_user_has_a_namespace_too()
    {
        var program = await ForEverybodyAsync();
        RequireRoot();
        RequireLevel("namespace");
        var (exitCode, output, _) = await EndAsync(AsNobody(program, "--containment", "namespace", "--", "sh", "-c", "id -u; sleep 3600 & exit 3"));

        Assert.Equal((3, "65534\n"), (exitCode, output));
    }

    [Theory]
    [InlineData("cgroup", "cgroup")]
    [InlineData("namespace", "namespace")]
    [InlineData("cgroup", "namespace")]
    [InlineData("namespace", "cgroup")]
    [InlineData("supervised", "namespace")]
    public async Task Runs_inside_runs_each_remove_their_own_directory(string outer, string inner)
    {
        RequireLevel(outer);
        RequireLevel(inner);
        var process = Start(
            true,
            ["--containment", outer, "--grace", "1000", "--work-dir", Directory.Combine("outer"), "--", .. Supervise.CommandLine(), "--containment", inner, "--work-dir", Directory.Combine("inner"), "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)]);
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.Empty(System.IO.Directory.EnumerateFileSystemEntries(Directory.Path));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_probe_says_what_there_is_and_why_not(bool native)
    {
        var (exitCode, output, _) = await RunAsync(native, "--probe");
        var machine = JsonDocument.Parse(output).RootElement;

        Assert.Equal(0, exitCode);
        Assert.Equal(native, machine.GetProperty("native").GetBoolean());
        var levels = machine.GetProperty("containment");
        Assert.Equal(["group", "supervised", "cgroup", "namespace"], levels.EnumerateObject().Select(level => level.Name));
        Assert.All(levels.EnumerateObject(), level => Assert.NotEqual(level.Value.GetProperty("available").GetBoolean(), level.Value.TryGetProperty("reason", out _)));
        Assert.True(levels.GetProperty(machine.GetProperty("auto").GetString()!).GetProperty("available").GetBoolean());
        Assert.NotEqual("namespace", machine.GetProperty("auto").GetString());
    }

    private static (int ExitCode, string Error) Ending((int ExitCode, string Output, string Error) result) => (result.ExitCode, result.Error);

    private static void RequireLevel(string level) => Assert.SkipWhen(level != "group" && Levels.Problem(level) is not null, Levels.Problem(level) ?? "");

    private static void RequireRoot() => Assert.SkipUnless(Environment.UserName == "root", "only root can become another user");

    private static IEnumerable<JsonElement> Told(string file, string name) =>
        File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).Where(happened => happened.GetProperty("event").GetString() == name);

    private static IEnumerable<string> ControlGroups(string run) =>
        System.IO.Directory.EnumerateDirectories("/sys/fs/cgroup", $"orchestrator-{run}", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });

    private static string Name(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    // The repository can be in a place that only root may enter.
    private async Task<IReadOnlyList<string>> ForEverybodyAsync()
    {
        Assert.SkipUnless(Supervise.HasNative, "the native supervisor was not built: no C compiler");
        var program = Directory.Combine("supervise");
        File.Copy(Supervise.Native, program);
        Assert.Equal(0, (await EndAsync(StartOther("chmod", "-R", "a+rX", Directory.Path))).ExitCode);
        return [program];
    }

    private Process AsNobody(IReadOnlyList<string> program, params string[] arguments) =>
        StartOther("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", .. program, .. arguments]);

    private static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await Supervise.ExitAsync(process), await output, await error);
    }
}
