using System.CommandLine;
using Orchestrator.Processes;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator run</c>: the owner of one run, on the caller's own terminal or pipes.</summary>
internal static class RunCommand
{
    internal const string Name = "run";

    /// <summary>For the help only: what follows <c>run</c> is not parsed here.</summary>
    internal static Command Describe() => new(Name, "Run a command so that nothing it starts outlives it: run [OPTION]... -- COMMAND...");

    internal static async Task<int> ExecuteAsync(IEnumerable<string> arguments)
    {
        using var cancellation = BuildCancellation.Start();
        var command = SupervisedCommand.FromSupervisorArguments(arguments).WithEvents(Narrate);
        try
        {
            var result = await command.RunAsync(cancellation.Token, cancellation.KillToken).ConfigureAwait(false);
            if (result.EndedBy is RunEnd.Cancelled or RunEnd.OwnerExited or RunEnd.TimedOut)
            {
                var duration = TimeSpan.FromSeconds(Math.Round(result.Duration.TotalSeconds, 1));
                await Console.Error.WriteLineAsync(RunNarration.Error(result.EndedBy, duration)).ConfigureAwait(false);
            }

            return result.ExitCode;
        }
        catch (RunCanceledException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return exception.Result.Survivors.Count > 0 ? 125 : cancellation.ExitCode!.Value;
        }
        catch (OperationCanceledException)
        {
            return cancellation.ExitCode!.Value; // before anything started
        }
        catch (SupervisorException exception)
        {
            if (!exception.IsPrinted)
            {
                await Console.Error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            }

            return exception.ExitCode;
        }
    }

    // Standard output is the command's alone.
    private static void Narrate(RunEvent happened)
    {
        foreach (var line in RunNarration.Lines(happened))
        {
            Console.Error.WriteLine(line);
        }
    }
}
