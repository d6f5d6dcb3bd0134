using System.Diagnostics;
using System.Globalization;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

#pragma warning disable CA5394 // A seed must give the same aborts again; nothing here is a secret.

/// <summary>Aborts at random moments: in the middle of a spawn, of an exec, of a clean-up.</summary>
internal static class Repetition
{
    private const int LongestDelay = 2000; // ms

    internal static async Task<int> RunAsync(string[] arguments)
    {
        var count = arguments is [var first, ..] && int.TryParse(first, out var number) ? number : 200;
        var jobs = int.Parse(Option(arguments, "--jobs") ?? "1", CultureInfo.InvariantCulture);
        var seed = int.Parse(Option(arguments, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var scripts = Option(arguments, "--script") is { } script ? [MatrixScripts.Find(script)] : MatrixScripts.All.Where(one => one.Tool is null || Repository.HasTool(one.Tool)).ToList();
        var levels = Option(arguments, "--level") is { } level ? [level] : Levels.Followers.Where(one => Levels.Problem(one) is null).ToList();
        var ends = Option(arguments, "--end") is { } end ? [MatrixEnd.Find(end)] : MatrixEnd.All;
        Console.WriteLine($"{count} aborts of each of {scripts.Count} scripts under each of {levels.Count} levels, {ends.Count} ways to end, {jobs} at a time, seed {seed}");
        Console.WriteLine();
        Console.WriteLine($"| {"script",-36} | {"level",-10} | aborts | clean | median ms | longest ms |");
        Console.WriteLine($"| {new string('-', 36)} | {new string('-', 10)} | -----: | ----: | --------: | ---------: |");
        var dirty = 0;
        var total = 0;

        // Aborted itself, it lets the runs that go on come to their ends: nothing else would end them.
        using var cancellation = BuildCancellation.Start();
        foreach (var one in scripts)
        {
            foreach (var under in levels)
            {
                // Of its own, so that the same script under the same level alone meets the same aborts.
                var random = new Random(unchecked(seed + (31 * Hash(one.Name)) + Hash(under)));
                var times = new List<double>();
                var failures = new List<string>();
                var fitting = ends.Where(candidate => candidate.Fits(one)).ToList();
                var aborts = Enumerable.Range(0, count).Select(_ => (End: fitting[random.Next(fitting.Count)], Delay: random.Next(LongestDelay + 1))).ToList();
                await Parallel.ForEachAsync(aborts, new ParallelOptions { MaxDegreeOfParallelism = one.IsHeavy ? Math.Min(jobs, Environment.ProcessorCount) : jobs }, async (abort, _) =>
                {
                    if (cancellation.Token.IsCancellationRequested)
                    {
                        return;
                    }

                    var delay = Option(arguments, "--delay") is { } wanted ? int.Parse(wanted, CultureInfo.InvariantCulture) : abort.Delay;
                    var result = await MatrixRun.ExecuteAsync(one, abort.End, under, TimeSpan.FromMilliseconds(delay));
                    lock (times)
                    {
                        times.Add(result.Took.TotalMilliseconds);
                        if (result.Problems.Count > 0)
                        {
                            failures.Add($"  {string.Join(", ", result.Problems)}\n  again: repeat 20 --script '{one}' --level {under} --end '{abort.End}' --delay {delay} (seed {seed})");
                        }
                    }
                });

                if (cancellation.ExitCode is { } status)
                {
                    Console.WriteLine($"{total - dirty} of {total} aborts left nothing");
                    return status;
                }

                times.Sort();
                total += count;
                dirty += failures.Count;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {one.Name,-36} | {under,-10} | {count,6} | {count - failures.Count,5} | {times[times.Count / 2],9:0} | {times[^1],10:0} |"));
                failures.ForEach(Console.WriteLine);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"{total - dirty} of {total} aborts left nothing");
        return dirty == 0 ? 0 : 1;
    }

    private static int Hash(string text) => text.Aggregate(17, static (sum, letter) => unchecked((sum * 31) + letter));

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length ? arguments[index + 1] : null;
}
