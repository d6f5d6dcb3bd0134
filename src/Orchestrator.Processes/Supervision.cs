using System.Collections.Immutable;
using System.Diagnostics;
using CliWrap;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes;

/// <summary>One running supervisor: its events, its output, its end.</summary>
internal sealed partial class Supervision : IDisposable
{
    private static readonly TimeSpan SecondSignalAfter = TimeSpan.FromMilliseconds(250); // the supervisor takes 200
    private readonly IReadOnlyList<RunOwner> owners;
    private readonly IReadOnlyList<string> options;
    private readonly ImmutableDictionary<string, string?> environment;
    private readonly Action<RunEvent>? handler;
    private EventChannel? channel;
    private readonly OwnerLifeline? lifeline = OwnerLifeline.CreateIfNeeded();
    private readonly RunRecord record = new();
    private readonly CancellationTokenSource ended = new();
    private readonly long began = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource<RunEvent> firstEvent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<int> program = Task.FromResult(0);
    private Task eventsRead = Task.CompletedTask;
    private Process? process;
    private ProcessHandle? supervisorProcess;
    private readonly CallbackGuard callbacks;
    private long firstSignalAt;
    private int supervisorId;
    private ulong started;
    private bool printsErrors;

    internal Supervision(IEnumerable<RunOwner> owners, IEnumerable<string> options, ImmutableDictionary<string, string?> environment, Action<RunEvent>? handler)
    {
        this.owners = [.. owners];
        this.options = [.. options];
        this.environment = environment;
        this.handler = handler;
        callbacks = new(Cancel);
    }

    /// <summary>The first event: <c>started</c> or <c>failed</c>. Faulted if the supervisor ended without one.</summary>
    internal Task<RunEvent> FirstEvent => firstEvent.Task;

    /// <summary>Ends with the supervisor, and gives its exit status.</summary>
    internal Task<int> Exit { get; private set; } = Task.FromResult(0);

    /// <summary>What was told by events so far.</summary>
    internal RunRecord Record => record;

    /// <summary>Starts the supervisor.</summary>
    /// <param name="output">Standard output and error; null to give it our own three streams.</param>
    /// <param name="isQuiet">Whether errors are for the caller alone to tell.</param>
    internal void Start((IOutputWriter? Output, IOutputWriter? Error)? output, bool isQuiet)
    {
        var supervisor = SupervisorProgram.Default;
        channel = new();
        string[] arguments = [.. supervisor.Prefix, $"--events={channel.Path}", .. isQuiet ? ["--quiet"] : Array.Empty<string>(), .. owners.Select(ToOption), .. options];
        started = ProcessTable.Now();
        int pid;
        using var blocked = supervisor.StartsWithSignalsBlocked ? SignalBlock.Begin() : null;
        try
        {
            pid = output is { } writers ? StartPiped(supervisor.FileName, arguments, writers) : StartInherited(supervisor.FileName, arguments);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new SupervisorException(125, $"cannot start {supervisor.FileName}: {exception.Message}", exception);
        }

        supervisorId = pid;
        printsErrors = !isQuiet;
        supervisorProcess = ProcessHandle.Open(pid);
        eventsRead = channel.ReadAsync(Handle);
        Exit = ExitAsync();
    }

    /// <summary>Sends the supervisor a signal; nothing if it has ended.</summary>
    internal void Signal(int signal)
    {
        // One that somebody stopped must not sleep over it.
        _ = (kept?.Handle ?? supervisorProcess) is { } running && running.Signal(signal) && running.Signal(Signals.Cont);
    }

    /// <summary>Waits for the end of the run and says how it ended.</summary>
    /// <param name="runId">Name of the run.</param>
    /// <param name="workDirectory">What goes when the run is cancelled; null if nothing.</param>
    /// <param name="leftovers">What was to happen to leftovers.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <param name="killToken">Ends the grace period.</param>
    internal async Task<RunResult> WaitAsync(string runId, string? workDirectory, LeftoversPolicy leftovers, CancellationToken cancellationToken, CancellationToken killToken)
    {
        int exitCode;
        var left = string.Empty;
        using (cancellationToken.UnsafeRegister(static self => ((Supervision)self!).Cancel(), this))
        using (killToken.UnsafeRegister(static self => ((Supervision)self!).KillNow(), this))
        {
            exitCode = await Exit.ConfigureAwait(false);
        }

        var endedBySelf = record.IsComplete || (!record.HasStarted && exitCode < 128);
        if (!endedBySelf)
        {
            // The supervisor was killed, or failed. What it held, we end.
            left = await Task.Run(() => FinishForSupervisor(runId, workDirectory), CancellationToken.None).ConfigureAwait(false);
        }

        callbacks.ThrowIfFailed();
        if (!endedBySelf && (left.Length > 0 || !cancellationToken.IsCancellationRequested))
        {
            throw new SupervisorException(
                125,
                $"{record.Failure ?? $"the supervisor was killed (exit status {exitCode})"}; {(left.Length > 0 ? left : "what it had started was ended")}");
        }

        if (record.Failure is { } failure && exitCode is 125 or 126 or 127 && record.Survivors.Count == 0)
        {
            throw new SupervisorException(exitCode, record.Failure!, isPrinted: printsErrors);
        }

        var result = record.ToResult(exitCode, leftovers, Stopwatch.GetElapsedTime(began));
        return cancellationToken.IsCancellationRequested && (result.EndedBy == RunEnd.Cancelled || !endedBySelf)
            ? throw new RunCanceledException(result with { EndedBy = RunEnd.Cancelled }, cancellationToken)
            : result;
    }

    public void Dispose()
    {
        ReturnKept();
        channel?.Dispose();
        lifeline?.Dispose();
        supervisorProcess?.Dispose();
        process?.Dispose();
        ended.Dispose();
    }

    private string ToOption(RunOwner owner) =>
        lifeline is not null && owner.ProcessId == System.Environment.ProcessId ? $"--lifeline={lifeline.Path}" : $"--owner={owner.ToOption()}";

    // Returns what is left, in words; empty if nothing.
    private string FinishForSupervisor(string runId, string? workDirectory)
    {
        var end = LostRun.End(runId, supervisorId, started, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        record.AddSurvivors(end.Survivors);
        if (end.IsEmpty && workDirectory is { } path)
        {
            using var directory = ClaimedDirectory.TryTakeOver(path);
            if (directory?.Remove() is { Count: 0 })
            {
                callbacks.Call(() => handler?.Invoke(new RunEvent.WorkDirectoryRemoved(DateTimeOffset.UtcNow, path)));
            }
        }

        return string.Join("; ", end.Problems);
    }

    private async Task<int> ExitAsync()
    {
        // Its output can be held open by a survivor; its own end and its events cannot.
        if (process is not null)
        {
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        channel!.CloseWriter();
        await eventsRead.ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        var exitCode = await program.ConfigureAwait(false);
        firstEvent.TrySetException(new SupervisorException(125, "the supervisor ended before it had begun", isPrinted: printsErrors && exitCode < 128));
        _ = firstEvent.Task.Exception;
        return exitCode;
    }

    private int StartPiped(string fileName, string[] arguments, (IOutputWriter? Output, IOutputWriter? Error) writers)
    {
        var running = CliWrap.Cli.Wrap(fileName)
            .WithArguments(arguments)
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(Target(writers.Output))
            .WithStandardErrorPipe(Target(writers.Error))
            .ExecuteAsync(CancellationToken.None);
        program = ExitCodeAsync(running);
        process = TryFind(running.ProcessId);
        return running.ProcessId;

        static async Task<int> ExitCodeAsync(CommandTask<CommandResult> running) => (await running.Task.ConfigureAwait(false)).ExitCode;
    }

    private int StartInherited(string fileName, string[] arguments)
    {
        var start = new ProcessStartInfo(fileName, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        program = ExitCodeAsync(process);
        return process.Id;

        static async Task<int> ExitCodeAsync(Process process)
        {
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return process.ExitCode;
        }
    }

    // For a child of ours .NET keeps one state, whichever Process object asks: it waits for the end alone, not for pipes.
    private static Process? TryFind(int pid)
    {
        try
        {
            return Process.GetProcessById(pid);
        }
        catch (ArgumentException)
        {
            return null; // It has ended already.
        }
    }

    private PipeTarget Target(IOutputWriter? writer) => writer is null
        ? PipeTarget.Create((stream, _) => OutputPump.RunAsync(stream, _ => { }, () => { }, ended.Token))
        : PipeTarget.Create((stream, _) => OutputPump.RunAsync(stream, piece => callbacks.Write(writer, piece), () => callbacks.Call(writer.Complete), ended.Token));

    private void Handle(RunEvent happened)
    {
        record.Add(happened);
        callbacks.Call(() => handler?.Invoke(happened));
        firstEvent.TrySetResult(happened);
    }

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref firstSignalAt, Stopwatch.GetTimestamp(), 0) == 0)
        {
            Signal(Signals.Term);
        }
    }

    private void KillNow()
    {
        Cancel();
        _ = SecondSignalAsync();

        async Task SecondSignalAsync()
        {
            var wait = SecondSignalAfter - Stopwatch.GetElapsedTime(firstSignalAt);
            if (wait > TimeSpan.Zero)
            {
                // Not a poll: a second signal that comes too soon is taken for the first one's echo.
                await Task.Delay(wait, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Signal(Signals.Term);
        }
    }
}
