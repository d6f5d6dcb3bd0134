namespace Orchestrator.Benchmarks;

/// <summary>All measurements, in the order of docs/performance.md.</summary>
internal static class Benchmarks
{
    internal static async Task RunAsync(Rounds rounds, string workDirectory)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        await StartCost.MeasureAsync(rounds);
        await CancelTime.MeasureAsync(rounds);
        await OutputSpeed.MeasureAsync(rounds, workDirectory);
        await IdleCost.MeasureAsync(rounds);
    }
}
