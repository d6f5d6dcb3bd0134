using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// One run on Windows. A Job Object does what a supervisor does elsewhere: it holds every descendant, and the kernel ends
/// them all when we end. What remains is to ask politely first, to tell what happens, and to say when nothing is left.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class JobRun : IDisposable
{
    private readonly Options options;
    private readonly EnvironmentBlock environment;
    private readonly string run;
    private readonly Action<RunEvent>? handler;
    private readonly IReadOnlyList<RunOwner> owners;
    private readonly RunRecord record = new();
    private readonly CallbackGuard callbacks;
    private readonly CompletionPort port = new();
    private readonly JobObject job = JobObject.Create();
    private readonly CancellationTokenSource ended = new();
    private readonly List<ProcessWatch> watches = [];
    private readonly long began = Stopwatch.GetTimestamp();

    /// <param name="options">What is to be run, and how.</param>
    /// <param name="environment">The environment of the command.</param>
    /// <param name="run">Name of the run.</param>
    /// <param name="owners">Processes whose end cancels it. Ours need not be among them.</param>
    /// <param name="handler">Called for each event.</param>
    internal JobRun(Options options, EnvironmentBlock environment, string run, IEnumerable<RunOwner> owners, Action<RunEvent>? handler)
    {
        (this.options, this.environment, this.run, this.handler) = (options, environment, run, handler);
        this.owners = [.. owners.Where(owner => owner.ProcessId != Environment.ProcessId)];
        callbacks = new(() => port.Post(RunNotice.Cancel));
        job.ReportTo(port);
    }

    /// <summary>Runs the command, and waits until nothing of it is left.</summary>
    /// <param name="output">Standard output and error; null to give it our own streams.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="killToken">Ends the grace period.</param>
    internal async Task<RunResult> RunAsync((IOutputWriter? Output, IOutputWriter? Error)? output, CancellationToken cancellationToken, CancellationToken killToken)
    {
        var directory = await OpenDirectoryAsync(cancellationToken).ConfigureAwait(false);
        await using var held = directory.ConfigureAwait(false);
        using var pipes = output is { } writers ? new OutputPipes(writers.Output, writers.Error) : null;
        var command = Start(pipes); // its handle is closed with the watch on it
        int exitCode;
        using (cancellationToken.UnsafeRegister(static self => ((CompletionPort)self!).Post(RunNotice.Cancel), port))
        using (killToken.UnsafeRegister(static self => ((CompletionPort)self!).Post(RunNotice.Kill), port))
        {
            var pumps = pipes?.PumpAsync(callbacks, ended.Token) ?? Task.CompletedTask;
            try
            {
                // Waits for the whole run; so on a thread of its own, none of the pool's.
                exitCode = await Task.Factory.StartNew(() => Supervise(command), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            }
            catch (Win32Exception exception)
            {
                throw new SupervisorException(CommandException.SupervisorFailed, $"{exception.Message}; what was started was ended", exception);
            }
            finally
            {
                await ended.CancelAsync().ConfigureAwait(false);
                await pumps.ConfigureAwait(false);
            }
        }

        if (await directory.EndAsync(wasCancelled: record.WasAborted).ConfigureAwait(false) is { Count: > 0 } problems)
        {
            foreach (var problem in problems)
            {
                Tell(new RunEvent.Failed(Now, $"not removed: {problem}"));
            }

            exitCode = CommandException.SupervisorFailed;
        }

        callbacks.ThrowIfFailed();
        var policy = options.Leftovers switch
        {
            Supervisor.LeftoversPolicy.Keep => LeftoversPolicy.Keep,
            Supervisor.LeftoversPolicy.Fail => LeftoversPolicy.Fail,
            _ => LeftoversPolicy.Kill,
        };
        var result = record.ToResult(exitCode, policy, Stopwatch.GetElapsedTime(began));
        return cancellationToken.IsCancellationRequested && result.EndedBy == RunEnd.Cancelled
            ? throw new RunCanceledException(result, cancellationToken)
            : result;
    }

    /// <summary>Ends whatever is left.</summary>
    public void Dispose()
    {
        watches.ForEach(watch => watch.Dispose());
        job.Dispose();
        port.Dispose();
        ended.Dispose();
    }

    private async Task<RunDirectory> OpenDirectoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunDirectory.OpenAsync(options.WorkDirectory, run, options.Removal, Tell, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WorkDirectoryException or WorkDirectoryRefusedException)
        {
            Tell(new RunEvent.Failed(Now, exception.Message));
            throw new SupervisorException(CommandException.SupervisorFailed, exception.Message, exception);
        }
    }

    private ContainedProcess Start(OutputPipes? pipes)
    {
        try
        {
            var directory = Directory(options.Directory);
            var file = CommandFile.Find(options.Command[0], directory, environment);
            var arguments = options.Command.Skip(1);
            var interpreter = file.IsBatch ? Path.Combine(Environment.SystemDirectory, "cmd.exe") : file.NativePath;
            var commandLine = file.IsBatch ? CommandLine.ForBatchFile(interpreter, file.Path, arguments) : CommandLine.ForProgram(file.Path, arguments);
            foreach (var owner in owners)
            {
                if (ProcessWatch.Of(owner, () => port.Post(RunNotice.OwnerEnded)) is { } watch)
                {
                    watches.Add(watch);
                }
                else
                {
                    port.Post(RunNotice.OwnerEnded); // gone already
                }
            }

            using var streams = pipes?.ForCommand() ?? StandardHandles.Own(options.InheritInput);
            var command = ContainedProcess.Start(job, interpreter, commandLine, directory, environment, streams, ownConsole: !ConsoleBreak.HasConsole);
            watches.Add(ProcessWatch.Of(command.Handle, () => port.Post(RunNotice.CommandEnded)));
            Tell(new RunEvent.Started(Now, command.Id, command.Id, Containment.Job, run));
            return command;
        }
        catch (CommandException exception)
        {
            Tell(new RunEvent.Failed(Now, exception.Message));
            throw new SupervisorException(exception.Status, exception.Message, exception);
        }
    }

    private static string Directory(string? asked)
    {
        const int MaxLength = 258; // of a current directory, with the backslash that the system adds
        var directory = Path.GetFullPath(asked ?? ".");
        return !System.IO.Directory.Exists(directory)
            ? throw new CommandException(CommandException.SupervisorFailed, $"the working directory '{directory}' does not exist")
            : directory.Length > MaxLength
            ? throw new CommandException(CommandException.SupervisorFailed, $"the working directory '{directory}' has {directory.Length} characters, and Windows allows {MaxLength} for it")
            : directory;
    }

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    private void Tell(RunEvent happened)
    {
        record.Add(happened);
        callbacks.Call(() => handler?.Invoke(happened));
    }
}
