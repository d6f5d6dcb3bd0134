using Orchestrator.Processes;

namespace Orchestrator.Benchmarks;

/// <summary>A run of a tree, all of whose processes are there, that is going to be cancelled.</summary>
internal sealed class CancellableRun : IAsyncDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> command = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<RunResult> run;

    private CancellableRun(Tree tree, Containment level, TimeSpan grace) =>
        run = SupervisedCommand.Create(tree.Program, [.. tree.Arguments])
            .WithContainment(level)
            .WithGracePeriod(grace)
            .WithStandardOutput(_ => ready.TrySetResult())
            .WithEvents(Note)
            .RunAsync(cancellation.Token);

    /// <summary>The command, by the number that everybody else sees too.</summary>
    internal Task<int> Command => command.Task;

    /// <summary>Returns when the tree has said that it is ready.</summary>
    internal static async Task<CancellableRun> StartAsync(Tree tree, Containment level, TimeSpan grace)
    {
        var run = new CancellableRun(tree, level, grace);
        if (await Task.WhenAny(run.ready.Task, run.run) == run.run)
        {
            await run.run; // says what went wrong
            throw new InvalidOperationException($"{tree.Program} ended before it was ready");
        }

        return run;
    }

    /// <summary>Ends it, and returns when nothing of it is alive.</summary>
    internal async Task CancelAsync()
    {
        await cancellation.CancelAsync();
        try
        {
            await run;
        }
        catch (RunCanceledException exception) when (exception.Result.Survivors.Count == 0)
        {
            return;
        }

        throw new InvalidOperationException("the run ended by itself");
    }

    public async ValueTask DisposeAsync()
    {
        if (!run.IsCompleted)
        {
            await CancelAsync();
        }

        cancellation.Dispose();
    }

    private void Note(RunEvent happened)
    {
        if (happened is RunEvent.Started started)
        {
            command.TrySetResult(started.ProcessId);
        }
    }
}
