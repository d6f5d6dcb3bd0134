using System.Diagnostics;
using CliWrap;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>How long it takes from cancelling until nothing of the command is alive.</summary>
internal static class CancelTime
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    internal static async Task MeasureAsync(Rounds rounds)
    {
        await CompareAsync("Cancelling a tree that obeys SIGTERM", rounds.Cancels, "sleep 600 & (sleep 600 & sleep 600) & echo READY; wait");
        await CompareAsync(
            "Cancelling a tree that ignores SIGTERM",
            rounds.Cancels,
            "trap '' TERM; (trap '' TERM; sleep 600) & sleep 600 & echo READY; wait");
        await CompareAsync(
            "Cancelling 1,000 siblings",
            rounds.LargeCancels,
            "for ((i = 0; i < 1000; i++)); do sleep 600 & done; echo READY; wait");
    }

    private static Task CompareAsync(string title, int rounds, string script) => Comparison.PrintAsync(
        title,
        "fixed wait",
        rounds,
        new Subject("fixed wait", () => FixedAsync(script)),
        new Subject("`SupervisedCommand`", () => SupervisedAsync(script)));

    private static async Task<TimeSpan> SupervisedAsync(string script)
    {
        using var cancel = new CancellationTokenSource();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = SupervisedCommand.Create("bash", "-c", script)
            .WithGracePeriod(Grace)
            .WithStandardOutput(_ => ready.TrySetResult())
            .RunAsync(cancel.Token);
        await ready.Task;

        var began = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        try
        {
            await run;
        }
        catch (RunCanceledException exception) when (exception.Result.Survivors.Count == 0)
        {
            return Stopwatch.GetElapsedTime(began);
        }

        throw new InvalidOperationException("the run ended by itself");
    }

    // What many build scripts do: SIGTERM to the group, sleep, SIGKILL, wait. Here CliWrap waits, until the last one that
    // holds the output is dead; setsid(1) makes the script the leader of a group.
    private static async Task<TimeSpan> FixedAsync(string script)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = Cli.Wrap("setsid")
            .WithArguments(["bash", "-c", script])
            .WithStandardOutputPipe(PipeTarget.ToDelegate(_ => ready.TrySetResult()))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync();
        await ready.Task;

        var began = Stopwatch.GetTimestamp();
        Signal.SendToGroup(run.ProcessId, Signal.Term);
        await Task.Delay(Grace); // the fixed wait that is measured here
        Signal.SendToGroup(run.ProcessId, Signal.Kill);
        await run;
        return Stopwatch.GetElapsedTime(began);
    }
}
