using System.Diagnostics;
using CliWrap;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>Ways to end a tree. Each says how long it took from the first signal until nothing was alive.</summary>
internal static class Cancelling
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>The library's way.</summary>
    internal static async Task<TimeSpan> SupervisedAsync(Tree tree, Containment level)
    {
        await using var run = await CancellableRun.StartAsync(tree, level, Grace);
        var began = Stopwatch.GetTimestamp();
        await run.CancelAsync();
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>What many build scripts do: SIGTERM to the group, sleep, SIGKILL, wait.</summary>
    internal static Task<TimeSpan> FixedWaitAsync(Tree tree) => GroupAsync(tree, async pgid =>
    {
        await Task.Delay(Grace); // the fixed wait that is measured here
        Signal.SendToGroup(pgid, Signal.Kill);
    });

    /// <summary>The least that there is: SIGTERM to the group, wait. Right only for what stays in its group and obeys.</summary>
    internal static Task<TimeSpan> GroupSignalAsync(Tree tree) => GroupAsync(tree, _ => Task.CompletedTask);

    // CliWrap waits until the last one that holds the output is dead; setsid(1) makes the tree the leader of a group.
    private static async Task<TimeSpan> GroupAsync(Tree tree, Func<int, Task> afterSignal)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Cli.Wrap("setsid")
            .WithArguments([tree.Program, .. tree.Arguments])
            .WithStandardOutputPipe(PipeTarget.ToDelegate(_ => ready.TrySetResult()))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync();
        await ready.Task;

        var began = Stopwatch.GetTimestamp();
        Signal.SendToGroup(run.ProcessId, Signal.Term);
        await afterSignal(run.ProcessId);
        await run;
        return Stopwatch.GetElapsedTime(began);
    }
}
