using System.IO.Pipes;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// A pipe for one output stream of a command. An anonymous pipe cannot be read without a thread that waits, and that wait
/// cannot be given up: so it is a named one, whose name nobody else learns, and whose reading end is for overlapped I/O.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class OutputPipe : IDisposable
{
    private readonly NamedPipeServerStream reader;
    private SafeFileHandle? writer;

    internal OutputPipe()
    {
        var name = $"orchestrator-{Guid.NewGuid():N}";
        reader = new(name, PipeDirection.In, maxNumberOfServerInstances: 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.FirstPipeInstance, OutputPump.BufferSize, 0);
        try
        {
            writer = InheritableFile.Open($@"\\.\pipe\{name}", InheritableFile.GenericWrite);
            reader.WaitForConnection(); // there is one: it returns at once
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the command writes to: for the caller to close, once the command has its own. Else the pipe would not end with the run.</summary>
    internal SafeFileHandle TakeWriter() => Interlocked.Exchange(ref writer, null) ?? throw new InvalidOperationException("it was taken");

    /// <summary>Reads until the pipe ends, or until the run has: a survivor that holds it open must not keep the caller waiting.</summary>
    /// <param name="take">Called for each piece; the bytes are valid during the call.</param>
    /// <param name="complete">Called at the end.</param>
    /// <param name="ended">When the run has ended.</param>
    internal Task PumpAsync(TakeBytes take, Action complete, CancellationToken ended) =>
        OutputPump.RunAsync(reader, take, complete, Drain, ended);

    public void Dispose()
    {
        writer?.Dispose();
        reader.Dispose();
    }

    // All that the run wrote is in the pipe by now: what is there is read, and nothing is waited for.
    private void Drain(byte[] buffer, TakeBytes take)
    {
        while (Kernel32.PeekNamedPipe(reader.SafePipeHandle, 0, 0, 0, out var available, 0) && available > 0)
        {
            take(buffer.AsSpan(0, reader.Read(buffer.AsSpan(0, (int)Math.Min(available, (uint)buffer.Length)))));
        }
    }
}
