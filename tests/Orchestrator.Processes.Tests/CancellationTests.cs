using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly CancellationTokenSource cancel = new();

    public static TheoryData<string> ScriptNames => [.. Commands.ScriptNames];

    public void Dispose()
    {
        cancel.Dispose();
        marker.KillAll();
    }

    [Theory]
    [MemberData(nameof(ScriptNames))]
    public async Task Cancelling_by_token_leaves_nothing_of(string script)
    {
        var run = Run(script, out var ready);
        await ready.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        var exception = await Assert.ThrowsAsync<RunCanceledException>(() => run);

        Assert.Empty(marker.Alive());
        Assert.Equal(RunEnd.Cancelled, exception.Result.EndedBy);
        Assert.Empty(exception.Result.Survivors);
    }

    [Theory]
    [MemberData(nameof(ScriptNames))]
    public async Task A_timeout_leaves_nothing_of(string script)
    {
        var result = await Command(script, _ => { }).WithTimeout(TimeSpan.FromMilliseconds(300)).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(marker.Alive());
        Assert.Equal(RunEnd.TimedOut, result.EndedBy);
        Assert.Equal(124, result.ExitCode);
    }

    [Fact]
    public async Task A_cooperative_tree_does_not_cost_the_grace_period()
    {
        var run = Run(Commands.PlainTree, out var ready, TimeSpan.FromHours(1));
        await ready.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();

        await Assert.ThrowsAsync<RunCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_second_cancel_kills_at_once()
    {
        using var kill = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var run = Command(Commands.Deaf, _ => ready.TrySetResult())
            .WithGracePeriod(TimeSpan.FromHours(1))
            .RunAsync(cancel.Token, kill.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await kill.CancelAsync();

        await Assert.ThrowsAsync<RunCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task The_lines_that_people_read_are_the_users_own()
    {
        var lines = new List<string>();
        var pgid = 0;
        var ready = new TaskCompletionSource();
        var run = Command(Commands.Deaf, _ => ready.TrySetResult())
            .WithEvents(happened =>
            {
                pgid = happened is RunEvent.Started started ? started.ProcessGroupId : pgid;
                lines.AddRange(RunNarration.Lines(happened));
            })
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<RunCanceledException>(() => run);

        Assert.Equal(
            [
                "==> Build cancelled, killing process group...",
                $"==> Killing process group PGID: {pgid}",
                "==> SIGTERM sent to process group",
                "==> SIGKILL sent to process group",
            ],
            lines);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_starts_nothing()
    {
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Commands.Sleep(marker).RunAsync(cancel.Token));

        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task A_callback_that_throws_ends_the_run_and_reaches_the_caller()
    {
        var run = Command(Commands.PlainTree, _ => throw new InvalidDataException("mine"));

        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => run.RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal("mine", exception.Message);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task Two_runs_at_once_do_not_disturb_each_other()
    {
        var otherLines = new List<string>();
        var go = new TaskCompletionSource();
        using var directory = new TestDirectory();
        var file = directory.Combine("go");
        var surviving = Commands.WaitFor(file)
            .WithStandardOutput(line =>
            {
                otherLines.Add(line);
                go.TrySetResult();
            })
            .RunAsync(TestContext.Current.CancellationToken);
        var cancelled = Run(Commands.PlainTree, out var ready);
        await Task.WhenAll(ready, go.Task).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<RunCanceledException>(() => cancelled);

        Assert.False(surviving.IsCompleted);
        await File.WriteAllTextAsync(file, "\n", TestContext.Current.CancellationToken);
        Assert.True((await surviving).IsSuccess);
        Assert.Equal(["first", "second"], otherLines);
    }

    private Task<RunResult> Run(string script, out Task ready, TimeSpan? grace = null)
    {
        var source = new TaskCompletionSource();
        ready = source.Task;
        return Command(script, _ => source.TrySetResult()).WithGracePeriod(grace ?? TimeSpan.FromMilliseconds(500)).RunAsync(cancel.Token);
    }

    private SupervisedCommand Command(string script, Action<string> line) =>
        Commands.Script(script, marker).WithStandardOutput(line);
}
