using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>What is aimed at, beside what was measured.</summary>
internal static class Aims
{
    private static readonly List<string> Missed = [];
    private static int count;

    /// <summary>The cell of a table for a figure that is to be at most so much.</summary>
    /// <param name="what">The figure, by which a missed aim is told at the end.</param>
    /// <param name="value">What was measured.</param>
    /// <param name="limit">The most that it may be; null if nothing is aimed at.</param>
    /// <param name="unit">Follows the limit.</param>
    internal static string Cell(string what, double value, double? limit, string unit = "")
    {
        if (limit is not { } most)
        {
            return "";
        }

        count++;
        var aim = $"≤ {most.ToString("0.00##", CultureInfo.InvariantCulture)}{unit}";
        if (value <= most)
        {
            return $"{aim}: met";
        }

        Missed.Add($"{what}: {value.ToString("0.00##", CultureInfo.InvariantCulture)}{unit}, aim {aim}");
        return $"{aim}: **not met**";
    }

    /// <summary>How many were met, and which were not.</summary>
    internal static void PrintSummary()
    {
        Console.WriteLine($"{count - Missed.Count} of {count} aims are met.");
        Missed.ForEach(missed => Console.WriteLine($"- Not met: {missed}."));
    }
}
