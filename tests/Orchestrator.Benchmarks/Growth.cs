using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>How the time from cancelling until nothing is alive grows with the number of processes.</summary>
internal static class Growth
{
    private const string Baseline = "`kill(-pgid)` and wait";
    private const double MostExponent = 1.1; // linear, and what a measurement is off by
    private const int FitFrom = 100; // below, what a run costs however small it is outweighs the rest

    internal static async Task MeasureAsync(Rounds rounds, string? chartFile)
    {
        IReadOnlyList<string> names = [Baseline, .. MeasuredLevels.Available.Select(MeasuredLevels.Row)];
        var curves = names.Select(name => new GrowthCurve(name)).ToList();
        Console.WriteLine("### Cancelling from 10 to 10,000 siblings that obey SIGTERM");
        Console.WriteLine();
        Console.WriteLine($"| processes | {string.Join(" | ", names)} | runs |");
        Console.WriteLine($"| ---: {string.Concat(Enumerable.Repeat("| ---: ", names.Count))}| ---: |");
        foreach (var (processes, repetitions) in rounds.Growth)
        {
            var tree = Tree.Forks(processes);
            var samples = await Comparison.MeasureAsync(
                repetitions,
                [
                    new Subject(Baseline, () => Cancelling.GroupSignalAsync(tree)),
                    .. MeasuredLevels.Available.Select(level => new Subject(MeasuredLevels.Row(level), () => Cancelling.SupervisedAsync(tree, level))),
                ]);
            foreach (var (curve, sample) in curves.Zip(samples))
            {
                curve.Add(processes, sample.Median);
            }

            var cells = samples.Select(sample => $"{Sample.Format(sample.Median)} ms");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {processes:N0} | {string.Join(" | ", cells)} | {repetitions} |"));
        }

        var exponents = curves.Select(curve => curve.Exponent(FitFrom)).ToList();
        Console.WriteLine($"| exponent from {FitFrom} on | {string.Join(" | ", exponents.Select(exponent => exponent.ToString("0.00", CultureInfo.InvariantCulture)))} | |");
        var aims = names.Zip(exponents, (name, exponent) => name == Baseline ? "" : Aims.Cell($"growth, {name}: exponent", exponent, MostExponent));
        Console.WriteLine($"| aim | {string.Join(" | ", aims)} | |");
        Console.WriteLine();
        if (chartFile is not null)
        {
            await File.WriteAllTextAsync(chartFile, GrowthChart.Draw(curves));
            Console.WriteLine($"Drawn: {chartFile}");
            Console.WriteLine();
        }
    }
}
