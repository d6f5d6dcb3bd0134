using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class JobTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();
    private readonly CancellationTokenSource cancel = new();

    public void Dispose()
    {
        cancel.Dispose();
        marker.KillAll();
        directory.Dispose();
    }

    [Fact]
    public async Task A_process_that_wants_to_break_away_is_not_allowed_to()
    {
        var lines = new List<string>();
        var ready = new TaskCompletionSource();
        var run = Commands.Script("breakaway", marker)
            .WithStandardOutput(line =>
            {
                lines.Add(line);
                if (line == "READY")
                {
                    ready.TrySetResult();
                }
            })
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<RunCanceledException>(() => run);

        Assert.Equal(["breakaway: error 5", "READY"], lines); // ERROR_ACCESS_DENIED
    }

    [Fact]
    public async Task A_program_that_closes_its_window_has_its_grace_period_and_no_more_than_it_needs()
    {
        var farewell = directory.Combine("farewell");
        var ready = new TaskCompletionSource();
        var events = new List<RunEvent>();
        var run = SupervisedCommand.Create(marker.Program, "polite-window", farewell)
            .WithGracePeriod(TimeSpan.FromHours(1))
            .WithStandardOutput(_ => ready.TrySetResult())
            .WithEvents(events.Add)
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        var exception = await Assert.ThrowsAsync<RunCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Equal("farewell", await File.ReadAllTextAsync(farewell, TestContext.Current.CancellationToken));
        Assert.Equal(143, exception.Result.ExitCode);
        Assert.Equal(7, Assert.Single(events.OfType<RunEvent.Exited>()).Status);
        Assert.Equal(0, Assert.Single(events.OfType<RunEvent.Empty>()).Killed);
        Assert.DoesNotContain(events, happened => happened is RunEvent.Signalled { Signal: "KILL" });
    }

    [Fact]
    public async Task A_program_on_a_console_is_asked_by_CTRL_BREAK()
    {
        Assert.SkipWhen(Wine.Version is { Major: <= 8 }, "wine 8 answers CTRL_BREAK with STATUS_NOT_IMPLEMENTED (server/console.c, propagate_console_signal)");
        var farewell = directory.Combine("farewell");
        var ready = new TaskCompletionSource();
        var run = SupervisedCommand.Create(marker.Program, "polite", farewell)
            .WithGracePeriod(TimeSpan.FromHours(1))
            .WithStandardOutput(_ => ready.TrySetResult())
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<RunCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Equal("farewell", await File.ReadAllTextAsync(farewell, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_there_is_no_grace_period_to_wait_for()
    {
        Assert.SkipWhen(Wine.Version is null, "on Windows every console takes CTRL_BREAK");
        var ready = new TaskCompletionSource();
        var run = Commands.Script("deaf", marker)
            .WithGracePeriod(TimeSpan.FromHours(1))
            .WithStandardOutput(_ => ready.TrySetResult())
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<RunCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task What_the_run_used_is_measured()
    {
        Assert.SkipWhen(Wine.Version is not null, "wine keeps no account of a job's time and memory: it says 0 (dlls/ntdll/unix/sync.c, NtQueryInformationJobObject)");

        var result = await SupervisedCommand.Create(marker.Program, "burn", "200", "30").RunAsync(TestContext.Current.CancellationToken);

        Assert.True(result.CpuTime >= TimeSpan.FromMilliseconds(200), $"CPU time {result.CpuTime}");
        Assert.True(result.PeakMemory > 30 << 20, $"peak memory {result.PeakMemory}");
    }

    [Fact]
    public async Task The_level_is_job_and_no_other_can_be_had()
    {
        var result = await SupervisedCommand.Create(Marker.Tree, "exit", "0").WithContainment(Containment.Job).RunAsync(TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create(Marker.Tree, "exit", "0").WithContainment(Containment.Cgroup).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(Containment.Job, result.Containment);
        Assert.True(result.ProcessGroupId > 0);
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains("expected auto, job", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("255", 255)]
    [InlineData("0xC0000005", unchecked((int)0xC0000005))] // STATUS_ACCESS_VIOLATION
    public async Task The_exit_status_is_the_commands_with_all_its_bits(string status, int exitCode)
    {
        var result = await SupervisedCommand.Create(Marker.Tree, "exit", status).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((RunEnd.Exited, exitCode), (result.EndedBy, result.ExitCode));
    }

    [Fact]
    public async Task A_command_gets_no_handle_but_its_three_streams()
    {
        // One that a careless caller has made inheritable, as File.Open cannot, but C can.
        using var careless = Windows.InheritableFile.Null(Windows.InheritableFile.GenericWrite);
        var lines = new List<string>();

        await SupervisedCommand.Create(Marker.Tree, "handles").WithStandardOutput(lines.Add).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["3"], lines);
    }

    [Fact]
    public async Task An_allowed_leftover_is_let_live_and_the_others_are_ended()
    {
        using var allowed = new RenamedTree("friend");

        var result = await SupervisedCommand.Create(marker.Program, "leave-with", allowed.Program)
            .WithLeftovers(LeftoversPolicy.Fail, "FRIEND")
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(120, result.ExitCode);
        Assert.Empty(marker.Alive());
        Assert.Single(allowed.Pids());
    }

    private sealed class RenamedTree : IDisposable
    {
        private readonly TestDirectory directory = new();
        private readonly string name;

        internal RenamedTree(string name)
        {
            this.name = name + ".exe";
            File.Copy(Marker.Tree, Program);
        }

        internal string Program => directory.Combine(name);

        internal IReadOnlyList<int> Pids() => [.. Snapshot.Take().Where(process => process.Name == name).Select(process => process.Id)];

        public void Dispose()
        {
            foreach (var id in Pids())
            {
                Snapshot.Terminate(id);
            }

            Eventually.IsTrueAsync(() => Pids().Count == 0, () => "it has ended", TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
            directory.Dispose();
        }
    }
}
