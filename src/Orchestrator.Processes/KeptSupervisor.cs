using System.Buffers.Binary;
using System.Diagnostics;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>
/// A supervisor that runs one command after the other (<c>--serve</c>). It has nothing of ours open but its own pipes to us,
/// and ends with us, or when it is told to.
/// </summary>
internal sealed class KeptSupervisor
{
    private readonly SupervisorOrigin origin;
    private readonly EventChannel channel;
    private readonly Process process;
    private readonly Task exit;
    private volatile Action<RunEvent>? handler;
    private volatile bool isFree = true;
    private TaskCompletionSource<int> answer = new();

    private KeptSupervisor(SupervisorOrigin origin, EventChannel channel, Process process)
    {
        (this.origin, this.channel, this.process) = (origin, channel, process);
        Handle = ProcessHandle.Open(process.Id);
        exit = ExitAsync(channel.ReadAsync(happened => handler?.Invoke(happened), Finish));
    }

    internal int Id => process.Id;

    /// <summary>Null if it had ended before it could be taken hold of.</summary>
    internal ProcessHandle? Handle { get; }

    /// <summary>Whether it is ready for a run.</summary>
    internal bool IsFree => isFree;

    /// <exception cref="SupervisorException">It cannot be started.</exception>
    internal static KeptSupervisor Start(SupervisorOrigin origin)
    {
        var program = SupervisorProgram.Default;
        var channel = new EventChannel();
        var start = new ProcessStartInfo(
            program.FileName,
            [.. program.Prefix, "--serve", "--quiet", $"--events={channel.Path}", .. origin.Owners.Select(owner => $"--owner={owner.ToOption()}")])
        {
            // Our own streams would keep those waiting who wait for their end.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in origin.Environment)
        {
            start.Environment.Add(name, value);
        }

        try
        {
            using var blocked = program.StartsWithSignalsBlocked ? SignalBlock.Begin() : null;
            return new(origin, channel, Process.Start(start)!);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            channel.Dispose();
            throw new SupervisorException(125, $"cannot start {program.FileName}: {exception.Message}", exception);
        }
    }

    /// <summary>Whether one that was started now would be the same.</summary>
    internal bool IsLike(SupervisorOrigin wanted) => IsFree && Handle is { HasEnded: false } && origin.Equals(wanted);

    /// <summary>Asks for a run.</summary>
    /// <param name="words">Its name; the pipes for its standard output and error; and what a supervisor of its own would have as its arguments.</param>
    /// <param name="handle">Called for each event, in order.</param>
    /// <returns>The exit status of such a supervisor, when nothing of the run is left; of this one, if it has ended.</returns>
    internal Task<int> RunAsync(IEnumerable<string> words, Action<RunEvent> handle)
    {
        isFree = false;
        answer = new(TaskCreationOptions.RunContinuationsAsynchronously); // else the caller would go on where events are read
        handler = handle;
        if (exit.IsCompleted)
        {
            answer.TrySetResult(process.ExitCode);
        }

        try
        {
            process.StandardInput.BaseStream.Write(Request(words));
        }
        catch (IOException)
        {
            // It has ended, and that is the answer.
        }

        return answer.Task;
    }

    /// <summary>What it printed, once it has ended: why it could not start, or could not go on.</summary>
    internal byte[] ReadErrors()
    {
        using var errors = new MemoryStream();
        process.StandardError.BaseStream.CopyTo(errors);
        return errors.ToArray();
    }

    /// <summary>Lets it end.</summary>
    /// <returns>Completed when it has.</returns>
    internal async Task EndAsync()
    {
        isFree = false;
        try
        {
            await process.StandardInput.BaseStream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // As above.
        }

        await exit.ConfigureAwait(false);
        Handle?.Dispose();
        channel.Dispose();
        process.Dispose();
    }

    private static byte[] Request(IEnumerable<string> words)
    {
        var request = new MemoryStream();
        request.Write(stackalloc byte[sizeof(int)]);
        foreach (var word in words)
        {
            request.Write(SystemCalls.Encode(word));
        }

        var bytes = request.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(int));
        return bytes;
    }

    private void Finish(int status)
    {
        isFree = true;
        answer.TrySetResult(status);
    }

    private async Task ExitAsync(Task eventsRead)
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        channel.CloseWriter();
        await eventsRead.ConfigureAwait(false);
        isFree = false;
        answer.TrySetResult(process.ExitCode);
    }
}
