using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

#pragma warning disable CA5394 // A seed must give the same aborts again; nothing here is a secret.

/// <summary>Aborts at random moments: in the middle of a spawn, of an exec, of a clean-up.</summary>
internal static class Repetition
{
    internal static async Task<int> RunAsync(string[] arguments)
    {
        var count = arguments is [var first, ..] && int.TryParse(first, out var number) ? number : 200;
        var seed = int.Parse(Option(arguments, "--seed") ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var scripts = Option(arguments, "--script") is { } script ? [MatrixScripts.Find(script)] : MatrixScripts.All.Where(one => one.Tool is null || Repository.HasTool(one.Tool)).ToList();
        var levels = Option(arguments, "--level") is { } level ? [level] : Levels.Followers.Where(one => Levels.Problem(one) is null).ToList();
        var ends = Option(arguments, "--end") is { } end ? [MatrixEnd.Find(end)] : MatrixEnd.All;
        Console.WriteLine($"{count} aborts of each of {scripts.Count} scripts under each of {levels.Count} levels, {ends.Count} ways to end, seed {seed}");
        Console.WriteLine();
        Console.WriteLine($"| {"script",-36} | {"level",-10} | aborts | clean | median ms | longest ms |");
        Console.WriteLine($"| {new string('-', 36)} | {new string('-', 10)} | -----: | ----: | --------: | ---------: |");
        var random = new Random(seed);
        var dirty = 0;
        var total = 0;
        foreach (var one in scripts)
        {
            foreach (var under in levels)
            {
                var times = new List<double>();
                var failures = new List<string>();
                for (var i = 0; i < count; i++)
                {
                    var fitting = ends.Where(candidate => candidate.Fits(one)).ToList();
                    var chosen = fitting[random.Next(fitting.Count)];
                    var delay = TimeSpan.FromMilliseconds(random.Next(2001));
                    var result = await MatrixRun.ExecuteAsync(one, chosen, under, delay);
                    times.Add(result.Took.TotalMilliseconds);
                    if (result.Problems.Count > 0)
                    {
                        failures.Add($"  {chosen} after {delay.TotalMilliseconds:0} ms: {string.Join(", ", result.Problems)}");
                    }
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

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length ? arguments[index + 1] : null;
}
