using System.IO.Pipes;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>Takes bytes out of a pipe.</summary>
/// <param name="piece">The bytes; valid during the call.</param>
internal delegate void TakeBytes(ReadOnlySpan<byte> piece);

/// <summary>
/// Copies a stream of a command until it ends, or until the run has: a survivor that holds the pipe open must not keep
/// the caller waiting.
/// </summary>
internal static class OutputPump
{
    internal const int BufferSize = 64 * 1024; // what a pipe holds (pipe(7))

    /// <summary>The same for a pipe of Linux.</summary>
    internal static Task RunAsync(Stream stream, TakeBytes take, Action complete, CancellationToken ended) =>
        RunAsync(stream, take, complete, (buffer, taker) => Drain(stream, buffer, taker), ended);

    /// <summary>Copies until the end.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="take">Called for each piece.</param>
    /// <param name="complete">Called at the end.</param>
    /// <param name="drain">Reads what is there when the run has ended, and waits for nothing.</param>
    /// <param name="ended">When the run has ended.</param>
    internal static async Task RunAsync(Stream stream, TakeBytes take, Action complete, Action<byte[], TakeBytes> drain, CancellationToken ended)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await stream.ReadAsync(buffer, ended).ConfigureAwait(false) is var count and > 0)
            {
                take(buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            drain(buffer, take);
        }

        complete();
    }

    // All that the run wrote is in the pipe by now. Not through the stream, which would wait for more.
    private static void Drain(Stream stream, byte[] buffer, TakeBytes take)
    {
        if (stream is PipeStream { SafePipeHandle: var handle })
        {
            using var pipe = new FileDescriptor((int)handle.DangerousGetHandle(), owned: false);
            while (SystemCalls.IsReadable(pipe) && SystemCalls.Read(pipe, buffer) is var count and > 0)
            {
                take(buffer.AsSpan(0, count));
            }
        }
    }
}
