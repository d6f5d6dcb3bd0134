using System.Diagnostics;

namespace Orchestrator.Benchmarks;

/// <summary>One way to do what is compared.</summary>
/// <param name="Name">As in the table.</param>
/// <param name="Measure">Does it once, and says how long what matters of it took.</param>
/// <param name="Every">It takes part in one of so many rounds.</param>
internal sealed record Subject(string Name, Func<Task<TimeSpan>> Measure, int Every = 1)
{
    /// <summary>How many times the baseline it is to take at most; null if nothing is aimed at.</summary>
    internal double? Limit { get; init; }

    /// <summary>A subject of which all matters.</summary>
    internal static Subject Whole(string name, Func<Task> action, int every = 1) => new(
        name,
        async () =>
        {
            var began = Stopwatch.GetTimestamp();
            await action();
            return Stopwatch.GetElapsedTime(began);
        },
        every);
}
