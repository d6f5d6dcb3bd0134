using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.Matrix.Runners;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>The scripts of the matrix under other runners: how often each comes back and leaves nothing. Prints Markdown.</summary>
internal static class Comparison
{
    private const string NotBegun = "did not begin";

    internal static async Task<int> RunAsync(string[] arguments)
    {
        var count = arguments is [var first, ..] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        var scripts = MatrixScripts.All.Where(script => Option(arguments, "--script") is not { } name || script.Name == name)
            .Where(script => script.Tool is null || Repository.HasTool(script.Tool)).ToList();
        var runners = Runner.All.Where(runner => Option(arguments, "--runner") is not { } part || runner.Name.Contains(part, StringComparison.Ordinal)).ToList();
        var cells =
            from script in scripts
            from runner in runners
            where runner.Problem is null
            from end in Contest.Ends
            where end != "timeout" || runner.HasTimeout
            from _ in Enumerable.Range(0, count)
            select (Runner: runner, Script: script, End: end);
        using var heavy = new SemaphoreSlim(1);
        var notBegun = 0;
        var results = new ConcurrentBag<(Runner Runner, MatrixScript Script, string End, string? Problem)>();
        await Parallel.ForEachAsync(
            cells,
            new ParallelOptions { MaxDegreeOfParallelism = 4 * Environment.ProcessorCount }, // they wait, mostly
            async (cell, _) =>
            {
                if (cell.Script.IsHeavy)
                {
                    await heavy.WaitAsync(CancellationToken.None);
                }

                var problem = await TryAsync(cell.Runner, cell.Script, cell.End);
                if (cell.Script.IsHeavy)
                {
                    heavy.Release();
                }

                if (problem == NotBegun)
                {
                    Interlocked.Increment(ref notBegun); // says nothing of the runner
                }
                else
                {
                    results.Add((cell.Runner, cell.Script, cell.End, problem));
                }

                await Console.Error.WriteLineAsync($"{cell.Runner.Name} / {cell.Script} / {cell.End}: {problem ?? "clean"}");
            });

        Console.WriteLine($"{scripts.Count} scripts, {count} time{(count == 1 ? "" : "s")} each; {Environment.ProcessorCount} cores, Linux {Environment.OSVersion.Version.ToString(2)}, {RuntimeInformation.FrameworkDescription}, {(Environment.IsPrivilegedProcess ? "root" : "an ordinary user")}.");
        if (notBegun > 0)
        {
            Console.WriteLine($"Not counted: {notBegun} that did not begin in time.");
        }

        Console.WriteLine();
        PrintEnds(runners, results);
        Console.WriteLine();
        PrintScripts(scripts, runners, results);
        return 0;
    }

    private static async Task<string?> TryAsync(Runner runner, MatrixScript script, string end)
    {
        try
        {
            return await Contest.TryAsync(runner, script, end);
        }
        catch (TimeoutException)
        {
            return NotBegun;
        }
    }

    private static void PrintEnds(List<Runner> runners, IReadOnlyCollection<(Runner Runner, MatrixScript Script, string End, string? Problem)> results)
    {
        Console.WriteLine($"| | runner | clean | {string.Join(" | ", Contest.Ends)} |");
        Console.WriteLine($"| ---: | --- | ---: | {string.Join(" | ", Contest.Ends.Select(_ => "---:"))} |");
        for (var i = 0; i < runners.Count; i++)
        {
            var own = results.Where(result => result.Runner == runners[i]).ToList();
            var cells = runners[i].Problem is { } problem
                ? [$"not run here: {problem}", .. Contest.Ends.Select(_ => "")]
                : (IEnumerable<string>)[$"**{Share(own)}**", .. Contest.Ends.Select(end => Share(own.Where(result => result.End == end)))];
            Console.WriteLine($"| {i + 1} | {runners[i].Name} | {string.Join(" | ", cells)} |");
        }
    }

    private static void PrintScripts(List<MatrixScript> scripts, List<Runner> runners, IReadOnlyCollection<(Runner Runner, MatrixScript Script, string End, string? Problem)> results)
    {
        var numbers = Enumerable.Range(0, runners.Count).Where(i => runners[i].Problem is null).ToList();
        Console.WriteLine($"| script | {string.Join(" | ", numbers.Select(i => i + 1))} |");
        Console.WriteLine($"| --- | {string.Join(" | ", numbers.Select(_ => "---:"))} |");
        foreach (var script in scripts)
        {
            Console.WriteLine($"| {script.Name} | {string.Join(" | ", numbers.Select(i => Share(results.Where(result => result.Runner == runners[i] && result.Script == script))))} |");
        }
    }

    private static string Share(IEnumerable<(Runner Runner, MatrixScript Script, string End, string? Problem)> results)
    {
        var all = results.ToList();
        return all.Count == 0 ? "–" : $"{all.Count(result => result.Problem is null)}/{all.Count}";
    }

    private static string? Option(string[] arguments, string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length ? arguments[index + 1] : null;
}
