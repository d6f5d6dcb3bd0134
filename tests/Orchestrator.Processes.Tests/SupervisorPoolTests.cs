using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>Commands that are run one after the other by one supervisor.</summary>
public sealed class SupervisorPoolTests : IDisposable
{
    private const string Look = """
        env | grep -vE '^(ORCHESTRATOR_RUN|_)='; pwd; umask; ulimit -a; tr '\0' '\n' < /proc/self/cmdline
        grep -E '^(Sig(Blk|Ign|Cgt)|Shd|Cap|NoNew|Seccomp|Cpus|Mems|Groups)' /proc/self/status; cat /proc/$$/oom_score_adj
        ls /proc/$$/fd; readlink /proc/$$/fd/0
        set -- $(cut -d ')' -f 2 /proc/$$/stat); [ $3 = $$ ] && echo group; [ $2 = $4 ] && echo session of the supervisor; [ $2 = $PPID ] && echo child
        sed 's/[0-9a-f]\{32\}//' /proc/$$/cgroup
        """;

    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();
    private readonly SupervisorPool pool = new();

    public static TheoryData<Containment> Shared => [Containment.Auto, Containment.Supervised];

    public void Dispose()
    {
        pool.Dispose();
        marker.KillAll();
        directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task One_supervisor_runs_command_after_command(Containment level)
    {
        var first = await RunAsync("echo $PPID $ORCHESTRATOR_RUN; exit 3", level);
        var second = await RunAsync("echo $PPID $ORCHESTRATOR_RUN; kill -KILL $$", level);

        Assert.Equal(first.Words[0], second.Words[0]);
        Assert.NotEqual(first.Words[1], second.Words[1]);
        Assert.Equal((3, 137, "KILL"), (first.Result.ExitCode, second.Result.ExitCode, second.Result.Signal));
        Assert.NotEqual(first.Result.ProcessGroupId, second.Result.ProcessGroupId);
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task A_command_finds_what_it_would_find_under_a_supervisor_of_its_own(Containment level)
    {
        var own = await RunAsync(Look, level, shared: null);
        var first = await RunAsync(Look, level);
        var second = await RunAsync(Look, level);

        Assert.Contains("session of the supervisor", own.Text, StringComparison.Ordinal);
        Assert.Equal(own.Text, first.Text);
        Assert.Equal(own.Text, second.Text);
    }

    [Fact]
    public async Task All_output_is_read_and_in_order()
    {
        for (var round = 0; round < 20; round++)
        {
            var (text, _, _) = await RunAsync($"seq 20000; echo {round}");

            Assert.Equal($"{string.Join('\n', Enumerable.Range(1, 20000))}\n{round}\n", text);
        }
    }

    [Fact]
    public async Task Two_commands_at_once_have_two_supervisors()
    {
        var both = await Task.WhenAll(RunAsync("sleep 0.3; echo $PPID"), RunAsync("sleep 0.3; echo $PPID"));

        Assert.NotEqual(both[0].Words[0], both[1].Words[0]);
    }

    [Fact]
    public async Task Another_environment_needs_another_supervisor()
    {
        var first = await RunAsync("echo $PPID $OF_TEST", change: command => command.WithEnvironmentVariable("OF_TEST", "one"));
        var second = await RunAsync("echo $PPID $OF_TEST", change: command => command.WithEnvironmentVariable("OF_TEST", "two"));

        Assert.Equal(("one", "two"), (first.Words[1], second.Words[1]));
        Assert.NotEqual(first.Words[0], second.Words[0]);
    }

    [Fact]
    public async Task A_limit_that_was_changed_holds_for_the_next_command()
    {
        var before = await RunAsync("echo $PPID; ulimit -Sc");
        var other = before.Words[1] == "0" ? "4096" : "0";
        await SetCoreLimitAsync(other + ":");
        try
        {
            var after = await RunAsync("echo $PPID; prlimit --core --output SOFT --noheadings --pid $$");

            Assert.Equal(other, after.Words[1]);
            Assert.NotEqual(before.Words[0], after.Words[0]);
        }
        finally
        {
            await SetCoreLimitAsync((before.Words[1] == "unlimited" ? "unlimited" : "0") + ":");
        }
    }

    [Fact]
    public async Task What_needs_a_supervisor_of_its_own_has_one()
    {
        var shared = await RunAsync("echo $PPID");
        var work = await RunAsync("echo $PPID", change: command => command.WithWorkDirectory(directory.Combine("work")));
        var mask = await RunAsync("echo $PPID; umask", change: command => command.WithUmask(UnixFileMode.OtherRead));
        var group = await RunAsync("echo $PPID", Containment.Group);
        var again = await RunAsync("echo $PPID; umask");

        Assert.Equal(4, new[] { shared, work, mask, group }.Select(run => run.Words[0]).Distinct().Count());
        Assert.Equal("0004", mask.Words[1]);
        Assert.Equal(shared.Words[0], again.Words[0]);
        Assert.NotEqual("0004", again.Words[1]);
    }

    [Fact]
    public async Task What_a_run_used_is_counted_for_it_alone()
    {
        var large = await RunAsync("x=$(head -c 40000000 /dev/zero | tr '\\0' x); for i in $(seq 100000); do :; done; echo $PPID");
        var small = await RunAsync("echo $PPID");

        Assert.Equal(large.Words[0], small.Words[0]);
        Assert.True(large.Result.PeakMemory > 40_000_000, $"{large.Result.PeakMemory}");
        Assert.InRange(small.Result.PeakMemory, 100_000, 39_000_000); // what it is started from counts, too: the managed supervisor has 32 MB
        Assert.InRange(small.Result.CpuTime, TimeSpan.Zero, large.Result.CpuTime);
    }

    [Fact]
    public async Task A_supervisor_that_waits_holds_nothing_of_its_owner()
    {
        var supervisor = (await RunAsync("echo $PPID")).Number;
        var own = Streams(Environment.ProcessId);

        Assert.Equal("/", new FileInfo($"/proc/{supervisor}/cwd").LinkTarget);
        Assert.Empty(Signal.Children(supervisor));
        Assert.All(Streams(supervisor), stream => Assert.StartsWith("pipe:", stream, StringComparison.Ordinal));
        Assert.Empty(Streams(supervisor).Intersect(own));
    }

    [Fact]
    public async Task Disposal_ends_those_that_wait()
    {
        var supervisor = (await RunAsync("echo $PPID")).Number;
        Assert.True(Relatives.IsAlive(supervisor));

        pool.Dispose();

        Assert.False(Relatives.IsAlive(supervisor));
    }

    [Fact]
    public async Task After_disposal_a_command_has_a_supervisor_that_ends_with_it()
    {
        pool.Dispose();

        var supervisor = (await RunAsync("echo $PPID")).Number;

        await Eventually.IsTrueAsync(() => !Relatives.IsAlive(supervisor), "it has ended");
    }

    [Theory]
    [InlineData(Signal.Kill)]
    [InlineData(Signal.Term)]
    [InlineData(Signal.Hup)]
    public async Task One_that_was_ended_while_it_waited_is_replaced(int signal)
    {
        var first = (await RunAsync("echo $PPID")).Number;
        using var end = ProcessEnd.Watch(first);
        Signal.Send(first, signal);
        end.Wait();

        var second = await RunAsync("echo $PPID");

        Assert.Equal(0, second.Result.ExitCode);
        Assert.NotEqual(first, second.Number);
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task One_that_is_killed_leaves_nothing_of_its_run(Containment level)
    {
        await RunAsync("true", level);
        var error = await Assert.ThrowsAsync<SupervisorException>(() => RunAsync($"sleep {marker.Seconds} & setsid sleep {marker.Seconds} & kill -KILL $PPID; wait", level));

        Assert.Contains("was killed", error.Message, StringComparison.Ordinal);
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task A_cancelled_run_leaves_nothing_and_the_next_is_not_touched(Containment level)
    {
        await RunAsync("true", level);
        for (var round = 0; round < 5; round++)
        {
            using var cancel = new CancellationTokenSource();
            var run = RunAsync($"sleep {marker.Seconds} & setsid sleep {marker.Seconds} & wait", level, cancellationToken: cancel.Token);
            await marker.UntilAliveAsync(2);
            await cancel.CancelAsync();
            await Assert.ThrowsAsync<RunCanceledException>(() => run);
            Assert.Empty(marker.Alive());

            Assert.Equal(0, (await RunAsync("sleep 0.05", level)).Result.ExitCode);
        }
    }

    [Fact]
    public async Task An_abort_at_any_moment_cancels_one_run_alone()
    {
        for (var delay = 0; delay < 60; delay++)
        {
            using var cancel = new CancellationTokenSource();
            var run = RunAsync($"sleep 0.002; exec sleep {marker.Seconds}", cancellationToken: cancel.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(delay % 12), TestContext.Current.CancellationToken); // not a wait for something: the moment is what is tried
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            Assert.Empty(marker.Alive());

            Assert.Equal(0, (await RunAsync("true")).Result.ExitCode);
        }
    }

    [Fact]
    public async Task A_run_that_took_too_long_is_ended()
    {
        await RunAsync("true");
        var run = await RunAsync($"trap '' TERM; sleep {marker.Seconds}; sleep {marker.Seconds}", change: command => command
            .WithTimeout(TimeSpan.FromMilliseconds(200)).WithGracePeriod(TimeSpan.FromMilliseconds(100)));

        Assert.Equal((RunEnd.TimedOut, 124), (run.Result.EndedBy, run.Result.ExitCode));
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public async Task Leftovers_are_ended_and_named(Containment level)
    {
        await RunAsync("true", level);
        var run = await RunAsync($"setsid sleep {marker.Seconds} >/dev/null & sleep 0.1", level);

        Assert.Equal("sleep", Assert.Single(run.Result.Leftovers).Command);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task After_leftovers_that_are_kept_another_supervisor_comes()
    {
        var first = await RunAsync($"setsid sleep {marker.Seconds} & sleep 0.1; echo $PPID", change: command => command.WithLeftovers(LeftoversPolicy.Keep));
        var second = await RunAsync("echo $PPID");

        Assert.NotEqual(first.Number, second.Number);
        Assert.Single(marker.Alive());
        await Eventually.IsTrueAsync(() => !Relatives.IsAlive(first.Number), "the first has ended");
    }

    [Theory]
    [InlineData("orchestrator-no-such-program", 127)]
    [InlineData("/", 126)]
    public async Task A_command_that_cannot_be_run_is_one_clear_error(string program, int exitCode)
    {
        await RunAsync("true");
        var error = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create(program).WithWorkingDirectory("/").WithSupervisors(pool).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(exitCode, error.ExitCode);
        Assert.Equal(0, (await RunAsync("true")).Result.ExitCode);
    }

    [Fact]
    public async Task A_handler_that_fails_ends_its_run_and_not_the_next()
    {
        await RunAsync("true");
        await Assert.ThrowsAsync<InvalidOperationException>(() => SupervisedCommand.Create("sh", "-c", $"echo; sleep {marker.Seconds}")
            .WithWorkingDirectory("/")
            .WithSupervisors(pool)
            .WithStandardOutput(_ => throw new InvalidOperationException("of the test"))
            .RunAsync(TestContext.Current.CancellationToken));

        Assert.Empty(marker.Alive());
        Assert.Equal(0, (await RunAsync("true")).Result.ExitCode);
    }

    private static async Task SetCoreLimitAsync(string limit)
    {
        using var process = Process.Start("prlimit", ["--pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), $"--core={limit}"]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static IReadOnlyList<string> Streams(int pid) =>
        [.. Enumerable.Range(0, 3).Select(number => new FileInfo($"/proc/{pid}/fd/{number}").LinkTarget!)];

    private Task<Ran> RunAsync(string script, Containment level = Containment.Auto, Func<SupervisedCommand, SupervisedCommand>? change = null, CancellationToken? cancellationToken = null) =>
        RunAsync(script, level, pool, change, cancellationToken);

    private static async Task<Ran> RunAsync(string script, Containment level, SupervisorPool? shared, Func<SupervisedCommand, SupervisedCommand>? change = null, CancellationToken? cancellationToken = null)
    {
        var text = new System.Text.StringBuilder();
        var command = SupervisedCommand.Create("sh", "-c", script)
            .WithWorkingDirectory("/")
            .WithContainment(level)
            .WithSupervisors(shared)
            .WithStandardOutputBytes(piece => text.Append(System.Text.Encoding.UTF8.GetString(piece)))
            .WithStandardError(line => text.AppendLine(line));
        var result = await (change?.Invoke(command) ?? command).RunAsync(cancellationToken ?? TestContext.Current.CancellationToken);
        return new(text.ToString(), text.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries), result);
    }

    private sealed record Ran(string Text, IReadOnlyList<string> Words, RunResult Result)
    {
        internal int Number => int.Parse(Words[0], CultureInfo.InvariantCulture);
    }
}
