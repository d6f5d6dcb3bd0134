using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>/proc shows less than the whole, or nothing.</summary>
public sealed class ProcTests : FaultTests
{
    // A second or so is what it takes to find children without /proc.
    private static readonly string[] Patient = ["--grace", "300", "--kill-wait", "30000"];

    public static TheoryData<string> Names => [.. Scripts.ByName.Keys];

    public static TheoryData<bool, string> NamesByProgram
    {
        get
        {
            var data = new TheoryData<bool, string>();
            foreach (var name in Scripts.ByName.Keys)
            {
                data.Add(true, name);
            }

            data.Add(false, "plain tree");
            data.Add(false, "scrubbed daemon");
            data.Add(false, "stopped and deaf");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesByProgram))]
    public async Task An_ordinary_user_with_hidepid_ends_its_run(bool native, string script)
    {
        NeedHiding();
        var owner = StartOther("sleep", "3600"); // another user's, so that it is not shown either
        var process = Start(
            native,
            Hidden(),
            "--owner",
            $"{owner.Id}:1",
            "--work-dir",
            Work,
            "--",
            "bash",
            "-c",
            Scripts.For(script, Marker));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    [Fact]
    public async Task With_hidepid_the_end_of_another_users_owner_is_seen()
    {
        NeedHiding();
        var owner = StartOther("sleep", "3600");
        var process = Start(true, Hidden(), "--owner", $"{owner.Id}", "--", "bash", "-c", Scripts.For("scrubbed daemon", Marker));
        await WaitForReadyAsync(process);
        Signal.Send(owner, Signal.Kill);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [InlineData("supervised", false)]
    [InlineData("group", false)]
    [InlineData("supervised", true)]
    public async Task What_became_root_behind_hidepid_is_reported_and_never_passed_over(string containment, bool afterExit)
    {
        NeedHiding();
        var setuid = Directory.Combine("become-root");
        File.Copy("/usr/bin/setpriv", setuid);
        File.SetUnixFileMode(setuid, (UnixFileMode)0x9ED); // u=rwxs, go=rx
        var process = Start(
            true,
            Hidden(),
            "--containment",
            containment,
            "--events",
            EventFile,
            "--grace",
            "100",
            "--kill-wait",
            "200",
            "--",
            "bash",
            "-c",
            $"'{setuid}' --reuid=0 sleep {Marker.Seconds} >&- 2>&- & echo $!; until [ -e '{Directory.Combine("go")}' ]; do sleep 0.02; done; {(afterExit ? "" : "echo READY; wait")}");
        var pid = int.Parse((await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.IsTrueAsync(() => Marker.Alive().Contains($"{pid} (sleep)"), "it became root and then sleep");
        await File.WriteAllTextAsync(Directory.Combine("go"), "", TestContext.Current.CancellationToken);
        if (!afterExit)
        {
            await WaitForReadyAsync(process);
            Signal.Send(process, Signal.Term);
        }

        var (status, error) = await EndAsync(process);
        Assert.Equal(125, status);
        Assert.Equal([pid], Marker.Pids());
        Assert.Contains("outlived SIGKILL", error, StringComparison.Ordinal);
        if (containment == "supervised")
        {
            Assert.Equal(pid, Assert.Single(Events("survived")).GetProperty("pid").GetInt32());
            Assert.Contains($"{pid} ", error, StringComparison.Ordinal);
        }
        else
        {
            Assert.Single(Events("failed"));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Without_proc_a_run_is_ended_all_the_same(string script)
    {
        NeedNative();
        var process = Start(true, [Sandbox.WithoutProc], ["--events", EventFile, "--work-dir", Work, .. Patient, "--", "bash", "-c", Scripts.For(script, Marker)]);
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal((143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
        Assert.Single(Events("empty"));
    }

    [Theory]
    [InlineData("setsid")]
    [InlineData("scrubbed daemon")]
    [InlineData("escapees that fork escapees")]
    public async Task Without_proc_leftovers_are_found_and_ended(string script)
    {
        NeedNative();
        var text = Scripts.For(script, Marker).Replace("echo READY;", "echo READY; exit 3;", StringComparison.Ordinal);
        var process = Start(true, [Sandbox.WithoutProc], ["--events", EventFile, "--leftovers", "fail", .. Patient, "--", "bash", "-c", text]);

        Assert.Equal((120, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.NotEmpty(Events("leftover"));
    }

    [Fact]
    public async Task Without_proc_the_command_gets_its_environment_and_arguments_byte_for_byte()
    {
        NeedNative();
        var supervise = Supervise.CommandLine()[0];
        var process = StartOther(
            "unshare",
            "--mount",
            "bash",
            "-c",
            "mount -t tmpfs none /proc && export V=$'v\\xfe' && \"$0\" -- bash -c 'printf %s \"$1$V$HOME\" | od -An -tx1' x $'a\\xffb'",
            supervise);

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(" 61 ff 62 76 fe", output.TrimEnd(), StringComparison.Ordinal);
        Assert.NotEqual(" 61 ff 62 76 fe", output.TrimEnd()); // HOME is there too
    }

    [Fact]
    public async Task Without_proc_the_level_group_is_refused()
    {
        NeedNative();
        var process = Start(true, [Sandbox.WithoutProc], "--containment", "group", "--", "touch", Directory.Combine("ran"));

        var (status, error) = await EndAsync(process);
        Assert.Equal(125, status);
        Assert.Contains("/proc is not mounted", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Directory.Combine("ran")));
    }

    [Theory]
    [InlineData("plain tree")]
    [InlineData("setsid")]
    public async Task The_proc_of_another_PID_namespace_is_not_believed(string script)
    {
        // Its numbers are those of other processes; the supervisor is PID 2 of a namespace whose init is a shell.
        NeedNative();
        var process = StartOther(
            "unshare",
            ["--pid", "--fork", "--kill-child", "sh", "-c", "\"$@\" & trap 'kill $!' TERM; wait; wait; exit $?", "sh", .. Supervise.CommandLine(), "--containment", "supervised", "--events", EventFile, .. Patient, "--timeout", "1000", "--", "bash", "-c", Scripts.For(script, Marker)]);
        await WaitForReadyAsync(process);
        var alive = Marker.Alive();

        var (_, error) = await EndAsync(process);
        Assert.NotEmpty(alive);
        Assert.Equal("", error);
        Assert.Empty(Marker.Alive());
        Assert.Single(Events("empty"));
    }

    [Fact]
    public async Task A_keeper_without_proc_removes_its_directory_and_says_what_it_could_not_look_for()
    {
        NeedNative();
        var keeper = Start(true, [Sandbox.WithoutProc], "--events", EventFile, "--hold", "--work-dir", Work, "--remove-work-dir", "always");
        await UntilEventAsync("started");
        Signal.Send(keeper, Signal.Term);

        var (status, error) = await EndAsync(keeper);
        Assert.Equal(125, status);
        Assert.Contains("open /proc", error, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(Work));
    }

    // The managed program's runtime does not start without /proc.
    private static void NeedNative()
    {
        NeedRoot();
        Assert.SkipUnless(Supervise.HasNative, "needs the native supervisor");
    }

    private static void NeedHiding()
    {
        NeedRoot();
        NeedTool("setpriv");
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(5, 8), "before Linux 5.8 hidepid would be the whole machine's");
    }

    private static IReadOnlyList<IReadOnlyList<string>> Hidden() => [Sandbox.WithHiddenProc, Sandbox.AsUser(NewUser())];
}
