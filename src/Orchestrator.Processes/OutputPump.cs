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
    private const int BufferSize = 64 * 1024; // what a pipe holds (pipe(7))

    internal static async Task RunAsync(Stream stream, TakeBytes take, Action complete, CancellationToken ended)
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
            Drain(stream, buffer, take);
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
