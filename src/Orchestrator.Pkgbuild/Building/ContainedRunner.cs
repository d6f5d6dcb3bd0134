using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Runs the commands of one package build inside its work directory, and tells people what happens to them.</summary>
internal sealed class ContainedRunner(
    WorkDirectory work,
    BuildLog log,
    BuildOptions options,
    CancellationToken cancel,
    CancellationToken kill)
{
    /// <summary>Cancelled when the build is.</summary>
    internal CancellationToken Cancelled => cancel;

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="OperationCanceledException">The build was cancelled; nothing of the command is alive.</exception>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.MissingTool"/>: there is no such program.</exception>
    internal async Task<RunResult> RunAsync(SupervisedCommand command)
    {
        cancel.ThrowIfCancellationRequested();
        var fromCaller = options.Environment.Where(variable => !command.Environment.ContainsKey(variable.Key));
        var contained = work.Contain(command.WithEnvironmentVariables(fromCaller)).WithEvents(log.Narrate);
        if (OperatingSystem.IsWindows())
        {
            contained = contained.WithEnvironmentVariable("PATH", BashProgram.SearchPath(options));
        }

        if (options.GracePeriod is { } grace)
        {
            contained = contained.WithGracePeriod(grace);
        }

        try
        {
            var result = await contained.RunAsync(cancel, kill).ConfigureAwait(false);

            // Also a run that ended by itself at that very moment, or failed at it, belongs to a cancelled build.
            cancel.ThrowIfCancellationRequested();
            return result.EndedBy == RunEnd.OwnerExited
                ? throw new OperationCanceledException(RunNarration.Error(RunEnd.OwnerExited))
                : result;
        }
        catch (SupervisorException error) when (error.ExitCode is 126 or 127)
        {
            throw new PkgbuildException(MakepkgExitCode.MissingTool, $"{command.Program} cannot be run: {error.Message}", innerException: error);
        }
    }

    /// <summary>Runs a tool that has to succeed; what it prints goes to the log.</summary>
    /// <param name="command">The tool.</param>
    /// <param name="failure">The beginning of the error if it fails.</param>
    /// <param name="output">Takes standard output instead of the log.</param>
    internal async Task RunToolAsync(SupervisedCommand command, string failure, Action<string>? output = null)
    {
        var (result, complaint) = await TryToolAsync(command, output).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            throw ToolFailed(command, failure, result, complaint);
        }
    }

    /// <summary>Runs a tool that may fail.</summary>
    /// <returns>How it ended, and what it complained about.</returns>
    internal async Task<(RunResult Result, Complaint Complaint)> TryToolAsync(SupervisedCommand command, Action<string>? output = null)
    {
        Complaint complaint = new();
        var result = await RunAsync(command
            .WithStandardOutput(output ?? log.Output)
            .WithStandardError(line =>
            {
                complaint.Add(line);
                log.ErrorOutput(line);
            })).ConfigureAwait(false);
        return (result, complaint);
    }

    /// <summary>The error for a tool that failed.</summary>
    internal static PkgbuildException ToolFailed(SupervisedCommand command, string failure, RunResult result, Complaint complaint)
    {
        var program = Path.GetFileName(command.Program);
        var why = complaint.Text.Length > 0 ? complaint.Text : result.Signal is { } signal ? $"ended by SIG{signal}" : $"exit status {result.ExitCode}";
        return new(MakepkgExitCode.Failure, $"{failure}: {program}: {why}");
    }
}
