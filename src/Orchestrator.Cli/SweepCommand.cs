using System.CommandLine;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator sweep</c>.</summary>
internal static class SweepCommand
{
    internal static Command Create()
    {
        var cache = new Option<bool>("--cache") { Description = "Remove the build cache, too" };
        var command = new Command("sweep", "End and remove what dead runs left behind") { cache };
        command.SetAction(parsed => Cancellable.RunAsync(async cancellation =>
        {
            var root = WorkRoot.Open();
            var result = await root.SweepAsync(cancellation.Token).ConfigureAwait(false);
            foreach (var process in result.Ended)
            {
                Console.WriteLine($"==> Killed process {process}");
            }

            foreach (var path in result.Removed)
            {
                Console.WriteLine($"==> Work directory removed: {path}");
            }

            foreach (var problem in result.Problems)
            {
                await Console.Error.WriteLineAsync($"==> WARNING: {problem}").ConfigureAwait(false);
            }

            if (result is { Ended: [], Removed: [], Problems: [] })
            {
                Console.WriteLine($"==> Nothing was left in {root.Path}");
            }

            var isDone = !parsed.GetValue(cache) || await SweepCacheAsync(cancellation.Token).ConfigureAwait(false);
            return isDone && result.Problems.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static async Task<bool> SweepCacheAsync(CancellationToken cancellationToken)
    {
        if (BuildCache.Locate() is not { } cache)
        {
            Console.WriteLine($"==> There is no build cache: {BuildCache.Variable} is off");
            return true;
        }

        var (removed, problems) = await cache.RemoveAsync(cancellationToken).ConfigureAwait(false);
        foreach (var path in removed)
        {
            Console.WriteLine($"==> Build cache removed: {path}");
        }

        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync($"==> WARNING: not removed: {problem}").ConfigureAwait(false);
        }

        if (removed.Count == 0 && problems.Count == 0)
        {
            Console.WriteLine($"==> There is no build cache in {cache.Path}");
        }

        return problems.Count == 0;
    }
}
