using System.Globalization;
using Orchestrator.Processes;

namespace Orchestrator.Benchmarks;

/// <summary>How long after the death of the last process of a cancelled run its owner has the answer.</summary>
internal static class AnswerTime
{
    private const double Limit = 10; // ms
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    internal static async Task MeasureAsync(Rounds rounds)
    {
        Console.WriteLine("### From the last death to the owner's answer");
        Console.WriteLine();
        Console.WriteLine("| | level | median | longest | aim for the longest | runs |");
        Console.WriteLine("| --- | --- | ---: | ---: | --- | ---: |");
        foreach (var (name, tree, processes, repetitions) in (IEnumerable<(string, Tree, int, int)>)
            [
                ("a tree that obeys SIGTERM", Tree.Obedient, 5, rounds.Cancels),
                ("a chain of 200", Tree.Chain(200), 200, rounds.LargeCancels),
                ("1,000 siblings", Tree.Siblings(1000), 1001, rounds.LargeCancels),
            ])
        {
            foreach (var level in MeasuredLevels.Available)
            {
                await MeasureAsync(name, tree, processes, level, repetitions);
            }
        }

        Console.WriteLine();
    }

    private static async Task MeasureAsync(string name, Tree tree, int processes, Containment level, int repetitions)
    {
        var sample = new Sample();
        for (var i = 0; i < repetitions; i++)
        {
            await using var run = await CancellableRun.StartAsync(tree, level, Grace);
            using var deaths = LastDeath.Of(await run.Command, processes);
            await run.CancelAsync();
            sample.Add(await deaths.ElapsedAsync());
        }

        var longest = sample.Quantile(1);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | `{MeasuredLevels.Name(level)}` | {Sample.Format(sample.Median)} ms | {Sample.Format(longest)} ms | {Aims.Cell($"answer, {name}, {MeasuredLevels.Name(level)}", longest, Limit, " ms")} | {sample.Count} |"));
    }
}
