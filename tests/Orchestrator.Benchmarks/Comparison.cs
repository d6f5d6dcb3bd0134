using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>Measures subjects in turn, round by round, so that whatever else the machine does hits all of them alike.</summary>
internal static class Comparison
{
    /// <summary>Prints one table; a ratio is that of the medians.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="baseline">The subject that the others are compared with.</param>
    /// <param name="rounds">How many, after one that is not counted.</param>
    /// <param name="subjects">What is compared.</param>
    internal static async Task PrintAsync(string title, string baseline, int rounds, params IReadOnlyList<Subject> subjects)
    {
        var times = subjects.ToDictionary(subject => subject, _ => new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                // Another one is first in each round: who follows a slow one can find the caches cold.
                var subject = subjects[(i + round) % subjects.Count];
                if (round % subject.Every == 0)
                {
                    var time = await subject.Measure();
                    if (round > 0)
                    {
                        times[subject].Add(time.TotalMilliseconds);
                    }
                }
            }
        }

        var unit = Quantile(times[subjects.Single(subject => subject.Name == baseline)], 0.5);
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine($"| | median | 10 % to 90 % | × {baseline} | runs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var subject in subjects)
        {
            var taken = times[subject];
            var median = Quantile(taken, 0.5);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {Format(median)} ms | {Format(Quantile(taken, 0.1))} to {Format(Quantile(taken, 0.9))} ms | {median / unit:0.00} | {taken.Count} |"));
        }

        Console.WriteLine();
    }

    private static double Quantile(List<double> values, double part)
    {
        values.Sort();
        return values[(int)Math.Round((values.Count - 1) * part)];
    }

    private static string Format(double milliseconds) =>
        milliseconds.ToString(milliseconds < 100 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
