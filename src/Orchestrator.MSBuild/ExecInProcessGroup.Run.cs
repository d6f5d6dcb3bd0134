using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Tasks;
using Microsoft.Build.Utilities;
using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

public partial class ExecInProcessGroup
{
    private readonly AbortSource abort = new();
    private RunParameters? parameters;
    private bool isExplained;

    /// <summary>Ends the run: first signal, grace period, SIGKILL. Called by MSBuild on Ctrl+C.</summary>
    public override void Cancel()
    {
        abort.Cancel();
        base.Cancel();
    }

    /// <inheritdoc/>
    protected override bool ValidateParameters()
    {
        try
        {
            parameters = ReadParameters();
            return base.ValidateParameters();
        }
        catch (ParameterException error)
        {
            ((Microsoft.Build.Utilities.Task)this).Log.LogProjectError(BuildEngine, error.Code, error.Message); // which is where base looks whether an error was logged
            return false;
        }
    }

    /// <summary>Nothing: the commands get into a file when they are run.</summary>
    /// <param name="commandLine">Not used.</param>
    protected override void AddCommandLineCommands(CommandLineBuilderExtension commandLine)
    {
    }

    /// <summary>Runs the command, and again where that was asked for.</summary>
    /// <param name="pathToTool">The shell.</param>
    /// <param name="responseFileCommands">Not used.</param>
    /// <param name="commandLineCommands">Not used.</param>
    /// <returns>The exit code.</returns>
    protected override int ExecuteTool(string pathToTool, string responseFileCommands, string commandLineCommands)
    {
        var start = GetProcessStartInfo(pathToTool, "", "");
        var script = CommandScript.Write(base.Command);
        try
        {
            return RunUntilGood(ToCommand(start, script), start);
        }
        finally
        {
            DeleteTempFile(script.Path); // or keep it, where MSBUILDPRESERVETOOLTEMPFILES says so
        }
    }

    /// <inheritdoc/>
    protected override bool HandleTaskExecutionErrors() => !isExplained && base.HandleTaskExecutionErrors();

    private int RunUntilGood(SupervisedCommand command, ProcessStartInfo start)
    {
        for (var retry = 1; ; retry++)
        {
            var held = retry <= Retries ? new HeldLines(CustomErrorRegularExpression, IgnoreStandardErrorWarningFormat) : null;
            var exitCode = Run(command, start, held);
            if (held is null || isExplained || !parameters!.RetryExitCodes.Contains(exitCode))
            {
                held?.Release(Print);
                return exitCode == 0 && HasLoggedErrors ? FailDespiteZero() : exitCode;
            }

            held.Release((_, line) => Log.LogWarning("{0}", line));
            Log.LogMessage(MessageImportance.High, "The command exited with code {0}; it is run again ({1} of {2}).", exitCode, retry, Retries);
        }
    }

    // Only so does base say MSB3077, "exited with code 0 but logged errors", instead of MSB3073. ToolTask's own ExecuteTool, which
    // ours replaces, sets it; nobody else may. An MSBuild that has no such property says MSB3073.
    private int FailDespiteZero()
    {
        typeof(ToolTask).GetProperty("ExitCodeOverriddenToIndicateErrors", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            ?.GetSetMethod(nonPublic: true)?.Invoke(this, [true]);
        return -1;
    }

    private RunParameters ReadParameters()
    {
        if (string.IsNullOrWhiteSpace(base.Command))
        {
            throw new ParameterException(ErrorCode.MissingCommand, "Command is missing or empty; say what is to be run");
        }

        if (Timeout < System.Threading.Timeout.Infinite)
        {
            throw new ParameterException(ErrorCode.Timeout, $"Timeout=\"{Timeout}\" is not a number of milliseconds; -1 is for no limit");
        }

        if (Retries < 0 || (Retries > 0 && RetryExitCodes is null or []))
        {
            throw new ParameterException(
                ErrorCode.Retries, Retries < 0 ? $"Retries=\"{Retries}\" is negative" : "Retries needs RetryExitCodes: the exit codes after which the command is run again");
        }

        RunParameters.CheckImportance(nameof(StandardOutputImportance), StandardOutputImportance);
        RunParameters.CheckImportance(nameof(StandardErrorImportance), StandardErrorImportance);
        CheckExpression(nameof(CustomErrorRegularExpression), CustomErrorRegularExpression);
        CheckExpression(nameof(CustomWarningRegularExpression), CustomWarningRegularExpression);
        if (Leftovers is { Length: > 1 })
        {
            throw new ParameterException(ErrorCode.Leftovers, "Leftovers takes one of kill, keep, fail; names of programs that may live on go into AllowedLeftovers");
        }

        if (!string.IsNullOrWhiteSpace(RemoveWorkDirectory) && string.IsNullOrWhiteSpace(WorkDirectory))
        {
            throw new ParameterException(ErrorCode.RemoveWorkDirectory, "RemoveWorkDirectory needs a WorkDirectory");
        }

        return new(
            RunParameters.Milliseconds(ErrorCode.GracePeriod, nameof(GracePeriod), GracePeriod),
            Timeout == System.Threading.Timeout.Infinite ? null : TimeSpan.FromMilliseconds(Timeout),
            RunParameters.Signal(nameof(CancelSignal), CancelSignal),
            RunParameters.Choose(ErrorCode.Leftovers, nameof(Leftovers), Leftovers?.FirstOrDefault()?.ItemSpec, LeftoversPolicy.Kill),
            RunParameters.Choose(ErrorCode.Containment, nameof(Containment), Containment, Processes.Containment.Auto),
            RunParameters.Choose(ErrorCode.RemoveWorkDirectory, nameof(RemoveWorkDirectory), RemoveWorkDirectory, WorkDirectoryRemoval.Cancelled),
            RunParameters.ExitCodes(ErrorCode.Retries, nameof(RetryExitCodes), RetryExitCodes));
    }

    private static void CheckExpression(string parameter, string? expression)
    {
        try
        {
            _ = expression is null ? null : new Regex(expression);
        }
        catch (ArgumentException error)
        {
            throw new ParameterException(ErrorCode.RegularExpression, $"{parameter} is not a regular expression: {error.Message}");
        }
    }

    private SupervisedCommand ToCommand(ProcessStartInfo start, CommandScript script)
    {
        var command = script.ToCommand(start.FileName)
            .WithWorkingDirectory(start.WorkingDirectory)
            .WithEnvironmentVariables(Changes(start.Environment))
            .WithTimeout(parameters!.Timeout)
            .WithLeftovers(parameters.Leftovers, AllowedLeftovers ?? [])
            .WithContainment(parameters.Containment);
        if ((parameters.GracePeriod ?? GracePeriodOfBuild(start)) is { } grace)
        {
            command = command.WithGracePeriod(grace);
        }

        if (parameters.CancelSignal is { } signal)
        {
            command = command.WithCancelSignal(signal);
        }

        return string.IsNullOrWhiteSpace(WorkDirectory) ? command : command.WithWorkDirectory(Path.GetFullPath(WorkDirectory, Path.GetFullPath(start.WorkingDirectory)), parameters.Removal);
    }

    // The supervisor has the environment of the command, and would take what is meant for the command; the grace period is the build's.
    private static TimeSpan? GracePeriodOfBuild(ProcessStartInfo start)
    {
        const string Variable = "CANCEL_TIMEOUT_MS";
        var own = Environment.GetEnvironmentVariable(Variable);
        return start.Environment.TryGetValue(Variable, out var ofCommand) && ofCommand != own
            ? TimeSpan.FromMilliseconds(int.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : 500)
            : null;
    }

    // The environment of the run is our own one with changes.
    private static IEnumerable<KeyValuePair<string, string?>> Changes(IDictionary<string, string?> wanted)
    {
        var own = Environment.GetEnvironmentVariables();
        foreach (var (name, value) in wanted)
        {
            if (own[name] as string != value)
            {
                yield return new(name, value);
            }
        }

        foreach (string name in own.Keys)
        {
            if (!wanted.ContainsKey(name))
            {
                yield return new(name, null);
            }
        }
    }

    private int Run(SupervisedCommand command, ProcessStartInfo start, HeldLines? held)
    {
        if (YieldDuringToolExecution)
        {
            BuildEngine3.Yield();
        }

        try
        {
            var result = Contain(command, start, held);
            Take(result);
            return Explain(result);
        }
        catch (RunCanceledException error)
        {
            Take(error.Result);
            return Fail(ErrorCode.Cancelled, error.Message, ProcessAbort.ExitCode, error.Result);
        }
        catch (OperationCanceledException)
        {
            Log.LogMessage(MessageImportance.High, RunNarration.Cancelled); // before anything ran
            return Fail(ErrorCode.Cancelled, RunNarration.Error(RunEnd.Cancelled), ProcessAbort.ExitCode);
        }
        catch (SupervisorException error)
        {
            return Fail(ErrorCode.Of(error), error.Message, error.ExitCode);
        }
        finally
        {
            if (YieldDuringToolExecution)
            {
                BuildEngine3.Reacquire();
            }
        }
    }

    private RunResult Contain(SupervisedCommand command, ProcessStartInfo start, HeldLines? held)
    {
        using var output = new OutputQueue();
        var standardOutput = new TextLines(start.StandardOutputEncoding ?? StandardOutputEncoding);
        var standardError = new TextLines(start.StandardErrorEncoding ?? StandardErrorEncoding);
        command = command
            .WithStandardOutputBytes(piece => output.Add(OutputKind.Output, standardOutput.Add(piece)))
            .WithStandardErrorBytes(piece => output.Add(OutputKind.Error, standardError.Add(piece)))
            .WithEvents(happened => output.Add(OutputKind.Narration, [.. RunNarration.Lines(happened)]));
        using var registration = abort.Register(BuildEngine4);
        command = command.WithSupervisors(BuildOwners.MayKeepSupervisors ? BuildEnd.Watch(BuildEngine4).Supervisors : null);
        return output.Print(
            RunAsync,
            (kind, line) =>
            {
                if (held?.Take(kind, line, LogStandardErrorAsError) != true)
                {
                    Print(kind, line);
                }
            },
            abort.Cancel);

        async Task<RunResult> RunAsync()
        {
            try
            {
                return await command.RunAsync(abort.Token, abort.KillToken).ConfigureAwait(false);
            }
            finally
            {
                output.Add(OutputKind.Output, standardOutput.Complete());
                output.Add(OutputKind.Error, standardError.Complete());
            }
        }
    }

    // As ToolTask does it.
    private void Print(OutputKind kind, string line)
    {
        switch (kind)
        {
            case OutputKind.Narration:
                Log.LogMessage(MessageImportance.High, line);
                break;
            case OutputKind.Error when LogStandardErrorAsError:
                Log.LogError(line);
                break;
            default:
                LogEventsFromTextOutput(line, kind == OutputKind.Error ? StandardErrorImportanceToUse : StandardOutputImportanceToUse);
                break;
        }
    }

    private void Take(RunResult result)
    {
        ProcessGroupId = result.ProcessGroupId;
        Signal = result.Signal ?? "";
        Escapees = Items(result.Escapees);
        Leftovers = Items(result.Leftovers);
        PeakMemory = result.PeakMemory;
        CpuTime = (long)result.CpuTime.TotalMilliseconds;
        Log.LogMessage(
            MessageImportance.Low,
            string.Create(CultureInfo.InvariantCulture, $"Peak memory {result.PeakMemory / 1048576.0:0.0} MB, processor time {result.CpuTime.TotalSeconds:0.00} s, containment {result.Containment.ToString().ToLowerInvariant()}."));
    }

    // What a task can say of an exit code is base's; what it cannot know is ours.
    private int Explain(RunResult result) => result switch
    {
        { Survivors.Count: > 0 } => Fail(ErrorCode.Survived, Survived(result), result.ExitCode),
        { EndedBy: RunEnd.TimedOut } => Fail(ErrorCode.TimedOut, RunNarration.Error(RunEnd.TimedOut, parameters!.Timeout ?? result.Duration), result.ExitCode),
        { EndedBy: RunEnd.OwnerExited } => Fail(ErrorCode.Cancelled, RunNarration.Error(RunEnd.OwnerExited), result.ExitCode),
        { EndedBy: RunEnd.Leftovers } => Fail(
            ErrorCode.LeftBehind, $"the command left processes behind, which were ended: {string.Join(", ", result.Leftovers)}; AllowedLeftovers names those that may live on", result.ExitCode),
        _ => result.ExitCode,
    };

    private int Fail(string code, string message, int exitCode, RunResult? result = null)
    {
        isExplained = true;
        Log.LogProjectError(BuildEngine, code, result is { Survivors.Count: > 0 } ? $"{message}; {Survived(result)}" : message);
        return exitCode;
    }

    private static string Survived(RunResult result) => $"could not be killed: {string.Join(", ", result.Survivors)}";

    private static ITaskItem[] Items(IEnumerable<ProcessName> processes) =>
    [
        .. processes.Select(process => new TaskItem(
            process.Command,
            new Dictionary<string, string> { ["ProcessId"] = process.Id.ToString(CultureInfo.InvariantCulture) })),
    ];
}
