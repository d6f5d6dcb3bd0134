using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>Measures subjects in turn, round by round, so that whatever else the machine does hits all of them alike.</summary>
internal static class Comparison
{
    /// <summary>Measures.</summary>
    /// <param name="rounds">How many, after one that is not counted.</param>
    /// <param name="subjects">What is compared.</param>
    /// <returns>The times of each, in the order of the subjects.</returns>
    internal static async Task<IReadOnlyList<Sample>> MeasureAsync(int rounds, IReadOnlyList<Subject> subjects)
    {
        var samples = subjects.Select(_ => new Sample()).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                // Another one is first in each round: who follows a slow one can find the caches cold.
                var index = (i + round) % subjects.Count;
                if (round % subjects[index].Every == 0)
                {
                    var time = await subjects[index].Measure();
                    if (round > 0)
                    {
                        samples[index].Add(time);
                    }
                }
            }
        }

        return samples;
    }

    /// <summary>Measures, and prints one table; a ratio is that of the medians.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="baseline">The subject that the others are compared with.</param>
    /// <param name="rounds">How many, after one that is not counted.</param>
    /// <param name="subjects">What is compared.</param>
    internal static async Task PrintAsync(string title, string baseline, int rounds, params IReadOnlyList<Subject> subjects)
    {
        var samples = await MeasureAsync(rounds, subjects);
        var unit = samples[subjects.TakeWhile(subject => subject.Name != baseline).Count()].Median;
        Console.WriteLine($"### {title}");
        Console.WriteLine();
        Console.WriteLine($"| | median | 10 % to 90 % | × {baseline} | aim | runs |");
        Console.WriteLine("| --- | ---: | ---: | ---: | --- | ---: |");
        foreach (var (subject, sample) in subjects.Zip(samples))
        {
            var ratio = sample.Median / unit;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {subject.Name} | {Sample.Format(sample.Median)} ms | {Sample.Format(sample.Quantile(0.1))} to {Sample.Format(sample.Quantile(0.9))} ms | {Ratio(ratio)} | {Aims.Cell($"{title}: {subject.Name}", ratio, subject.Limit)} | {sample.Count} |"));
        }

        Console.WriteLine();
    }

    private static string Ratio(double ratio) => ratio.ToString(ratio < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
}
