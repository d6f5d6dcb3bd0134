using Cake.Core.IO;
using Cake.Core.Tooling;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>
/// How a command is run that leaves nothing behind: what <see cref="ProcessSettings"/> has, what Cake's tools have, and how it
/// is ended.
/// </summary>
public sealed class ProcessGroupSettings : ToolSettings
{
    /// <summary>The arguments; those appended as secret are not logged. The default is none.</summary>
    public ProcessArgumentBuilder? Arguments { get; set; }

    /// <summary>Whether standard output is kept for the caller instead of being Cake's own. The default is false.</summary>
    public bool RedirectStandardOutput { get; set; }

    /// <summary>Whether standard error is kept for the caller instead of being Cake's own. The default is false.</summary>
    public bool RedirectStandardError { get; set; }

    /// <summary>Called with each line of redirected standard output, and with null after the last; what it returns is kept, null is not.</summary>
    public Func<string?, string?>? RedirectedStandardOutputHandler { get; set; }

    /// <summary>Called with each line of redirected standard error, and with null after the last; what it returns is kept, null is not.</summary>
    public Func<string?, string?>? RedirectedStandardErrorHandler { get; set; }

    /// <summary>Whether the command line is not logged. The default is false.</summary>
    public bool Silent { get; set; }

    /// <summary>From the first signal to SIGKILL. Null (the default) is <c>CANCEL_TIMEOUT_MS</c> from the environment, else 500 ms. A limit, never a sleep.</summary>
    public TimeSpan? GracePeriod { get; set; }

    /// <summary>How long to wait after SIGKILL before survivors are reported. Null (the default) is 5 s.</summary>
    public TimeSpan? KillWait { get; set; }

    /// <summary>Name of the first signal, with or without SIG (<c>INT</c>). Null (the default) is TERM.</summary>
    public string? CancelSignal { get; set; }

    /// <summary>What happens to processes that outlive the command. The default is to kill them.</summary>
    public LeftoversPolicy Leftovers { get; set; }

    /// <summary>Names of programs that may outlive the command (<c>sccache</c>, <c>GradleDaemon</c>).</summary>
    public ICollection<string> AllowedLeftovers { get; } = [];

    /// <summary>What is to hold the run. The default is the strongest that this machine has.</summary>
    public Containment Containment { get; set; }

    /// <summary>A directory that belongs to the run and that is removed with it; null (the default) for none.</summary>
    public DirectoryPath? WorkDirectory { get; set; }

    /// <summary>When <see cref="WorkDirectory"/> is removed. The default is when the run is cancelled.</summary>
    public WorkDirectoryRemoval WorkDirectoryRemoval { get; set; }

    /// <summary>What is the same in <see cref="ProcessSettings"/>.</summary>
    internal ProcessSettings ToProcessSettings()
    {
        var arguments = Arguments ?? new ProcessArgumentBuilder();
        ProcessSettings settings = new()
        {
            Arguments = ArgumentCustomization?.Invoke(arguments) ?? arguments,
            WorkingDirectory = WorkingDirectory,
            NoWorkingDirectory = NoWorkingDirectory,
            RedirectStandardOutput = RedirectStandardOutput,
            RedirectStandardError = RedirectStandardError,
            RedirectedStandardOutputHandler = RedirectedStandardOutputHandler,
            RedirectedStandardErrorHandler = RedirectedStandardErrorHandler,
            Timeout = ToolTimeout is { } timeout ? checked((int)timeout.TotalMilliseconds) : null,
            Silent = Silent,
            EnvironmentVariables = EnvironmentVariables,
        };
        SetupProcessSettings?.Invoke(settings);
        return settings;
    }

    /// <summary>What is not.</summary>
    internal SupervisedCommand AddTo(SupervisedCommand command, DirectoryPath? workDirectory)
    {
        command = command.WithLeftovers(Leftovers, AllowedLeftovers).WithContainment(Containment).WithWorkDirectory(workDirectory?.FullPath, WorkDirectoryRemoval);
        command = GracePeriod is { } grace ? command.WithGracePeriod(grace) : command;
        command = KillWait is { } killWait ? command.WithKillWait(killWait) : command;
        return CancelSignal is { } signal ? command.WithCancelSignal(signal) : command;
    }
}
