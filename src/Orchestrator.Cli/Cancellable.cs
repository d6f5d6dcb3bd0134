using System.CommandLine;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;

namespace Orchestrator.Cli;

/// <summary>What every verb has in common: abort, errors, exit codes.</summary>
internal static class Cancellable
{
    /// <summary>Exit code of those that read only: a value depends on running a program, which was not allowed.</summary>
    internal const int NeedsEvaluation = 20;

    private const int InvalidOption = (int)MakepkgExitCode.InvalidOption;

    /// <summary>Runs the verb that the arguments name. A wrong option is makepkg's exit code 3.</summary>
    internal static int Parse(RootCommand root, IReadOnlyList<string> arguments)
    {
        var parsed = root.Parse(arguments);

        // The signals are ours, not the parser's: it would not wait for a clean end.
        var exitCode = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? InvalidOption : exitCode;
    }

    /// <summary>Runs a verb with tokens for an abort; each error is one line on standard error.</summary>
    internal static async Task<int> RunAsync(Func<BuildCancellation, Task<int>> verb)
    {
        var end = RunEnd.Cancelled;
        using var cancellation = BuildCancellation.Start(reason => end = reason);
        try
        {
            return await verb(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(RunNarration.Error(end)).ConfigureAwait(false);
            return cancellation.ExitCode ?? 143;
        }
        catch (NeedsEvaluationException exception)
        {
            foreach (var field in exception.Fields)
            {
                await Console.Error.WriteLineAsync(field.ToString()).ConfigureAwait(false);
            }

            return NeedsEvaluation;
        }
        catch (PkgbuildException exception)
        {
            await Console.Error.WriteLineAsync(exception.CanonicalMessage).ConfigureAwait(false);
            return (int)exception.ExitCode;
        }
        catch (WorkDirectoryException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            return (int)MakepkgExitCode.NoPermission;
        }
        catch (SupervisorException exception)
        {
            await Console.Error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            return exception.ExitCode;
        }
    }
}
