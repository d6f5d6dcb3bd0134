using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

/// <summary>Ways out that were once open.</summary>
public sealed class EscapeTests : SupervisorTests
{
    [Fact]
    public async Task A_daemon_that_forks_while_the_command_exits_is_not_missed()
    {
        for (var i = 0; i < 40; i++)
        {
            var process = Start(true, "--", "sh", "-c", $"(setsid sh -c 'sleep {Marker.Seconds} & exit 0' & exit 0) & exit 0");

            Assert.Equal(0, await Supervise.ExitAsync(process));
            Assert.Empty(Marker.Alive());
        }
    }

    [Theory]
    [InlineData("supervised")]
    [InlineData("group")]
    public async Task Where_descriptors_run_out_nothing_lives_on(string containment)
    {
        var supervise = string.Join(' ', Supervise.CommandLine().Select(word => $"'{word}'"));
        var process = StartOther("bash", "-c", $"ulimit -n 14; exec {supervise} --containment {containment} --grace 200 -- bash -c 'for i in {{1..40}}; do sleep {Marker.Seconds} & done; echo READY; wait'");
        await WaitForReadyAsync(process);
        await Marker.UntilAliveAsync(41);
        Signal.Send(process, Signal.Term);

        Assert.Contains(await Supervise.ExitAsync(process), (int[])[125, 143]);
        Assert.Empty(Marker.Alive());
    }

    [Theory]
    [InlineData(10, 138)]
    [InlineData(12, 140)]
    [InlineData(14, 142)]
    [InlineData(24, 152)]
    public async Task A_signal_that_would_end_the_supervisor_ends_the_run(int signal, int exitCode)
    {
        // Slurm warns with USR1 and XCPU, to all processes of a job.
        foreach (var native in (bool[])[true, false])
        {
            var process = Start(native, "--", "bash", "-c", Scripts.For("plain tree", Marker));
            await WaitForReadyAsync(process);
            Signal.Send(process, signal);

            Assert.Equal(exitCode, await Supervise.ExitAsync(process));
            Assert.Empty(Marker.Alive());
        }
    }

    [Fact]
    public async Task A_fork_storm_is_ended_within_the_kill_wait()
    {
        // Each generation is the child of one that is gone, in a session of its own, and deaf.
        var process = Start(
            true,
            "--grace",
            "200",
            "--",
            "env",
            $"M={Marker.Seconds}",
            "bash",
            "-c",
            "export s='trap \"\" TERM INT HUP; setsid bash -c \"$s\" & exit'; for i in {1..20}; do setsid bash -c \"$s\" & done; echo READY; sleep $M");
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
    }

    [Fact]
    public async Task Runs_five_deep_each_remove_their_own_directory()
    {
        IEnumerable<string> command = ["bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)];
        for (var depth = 5; depth > 0; depth--)
        {
            command = [.. Supervise.CommandLine(), "--work-dir", Directory.Combine($"work {depth}"), "--grace", "2000", "--", .. command];
        }

        var process = StartOther(command.First(), command.Skip(1));
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.Empty(System.IO.Directory.EnumerateFileSystemEntries(Directory.Path));
    }

    [Fact]
    public async Task A_command_that_cannot_be_started_leaves_no_work_directory()
    {
        Assert.Equal(127, (await RunAsync(true, "--work-dir", Directory.Combine("work"), "--remove-work-dir", "always", "--", "orchestrator-no-such-program")).ExitCode);
        Assert.False(System.IO.Directory.Exists(Directory.Combine("work")));
    }

    [Fact]
    public async Task A_long_program_name_can_be_allowed_to_stay()
    {
        var program = Directory.Combine("a-very-long-program-name");
        File.CreateSymbolicLink(program, "/bin/sleep");
        var process = Start(true, "--leftovers", "fail", "--allow", Path.GetFileName(program), "--", "bash", "-c", $"'{program}' {Marker.Seconds} >/dev/null 2>&1 & until grep -q very /proc/$!/comm; do :; done");

        Assert.Equal(0, await Supervise.ExitAsync(process));
        Assert.Single(Marker.Alive());
    }

    [Fact]
    public async Task Two_that_start_on_one_new_directory_share_it()
    {
        for (var i = 0; i < 10; i++)
        {
            var work = Directory.Combine($"work {i}");
            var both = Enumerable.Range(0, 2).Select(_ => Start(true, "--work-dir", work, "--remove-work-dir", "never", "--", "test", "-d", work)).ToList();

            Assert.All(await Task.WhenAll(both.Select(Supervise.ExitAsync)), exitCode => Assert.Equal(0, exitCode));
        }
    }

    [Fact]
    public async Task Two_keepers_of_one_directory_end_well_together()
    {
        var work = Directory.Combine("work");
        var keepers = Enumerable.Range(0, 2).Select(i => Start(true, "--events", Directory.Combine($"events {i}"), "--hold", "--work-dir", work, "--remove-work-dir", "always")).ToList();
        await Eventually.IsTrueAsync(() => Enumerable.Range(0, 2).All(i => File.Exists(Directory.Combine($"events {i}")) && File.ReadAllText(Directory.Combine($"events {i}")).Contains("started", StringComparison.Ordinal)), "both hold it");
        keepers.ForEach(keeper => Signal.Send(keeper, Signal.Term));

        Assert.All(await Task.WhenAll(keepers.Select(Supervise.ExitAsync)), exitCode => Assert.Equal(0, exitCode));
        Assert.False(System.IO.Directory.Exists(work));
    }
}
