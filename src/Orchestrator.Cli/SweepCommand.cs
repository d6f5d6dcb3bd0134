using System.CommandLine;
using Orchestrator.Processes;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator sweep</c>.</summary>
internal static class SweepCommand
{
    internal static Command Create()
    {
        var command = new Command("sweep", "End and remove what dead runs left behind");
        command.SetAction(_ => Cancellable.RunAsync(async cancellation =>
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

            return result.Problems.Count == 0 ? 0 : 1;
        }));
        return command;
    }
}
