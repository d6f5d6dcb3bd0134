namespace Orchestrator.Benchmarks;

/// <summary>All measurements, in the order of docs/performance.md.</summary>
internal static class Benchmarks
{
    /// <summary>The names of the groups.</summary>
    internal static IReadOnlyList<string> Groups { get; } = ["start", "cancel", "growth", "chain", "answer", "output", "idle", "cost", "msbuild", "reading", "package", "resume"];

    internal static async Task RunAsync(Choice choice, string workDirectory)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        foreach (var group in Groups.Where(choice.Includes))
        {
            await (group switch
            {
                "start" => StartCost.MeasureAsync(choice.Rounds),
                "cancel" => CancelTime.MeasureAsync(choice.Rounds),
                "growth" => Growth.MeasureAsync(choice.Rounds, choice.ChartFile),
                "chain" => ChainCost.MeasureAsync(choice.Rounds),
                "answer" => AnswerTime.MeasureAsync(choice.Rounds),
                "output" => OutputSpeed.MeasureAsync(choice.Rounds, workDirectory),
                "idle" => IdleCost.MeasureAsync(choice.Rounds, workDirectory),
                "reading" => ReadingCost.MeasureAsync(choice.Rounds, workDirectory, choice.Collection),
                "package" => PackageCost.MeasureAsync(choice.Rounds, workDirectory),
                "resume" => ResumeCost.MeasureAsync(choice.Rounds, workDirectory),
                "msbuild" => TaskCost.MeasureAsync(choice.Rounds, workDirectory),
                _ => BuildCost.MeasureAsync(choice.Rounds, workDirectory),
            });
        }

        Aims.PrintSummary();
    }
}
