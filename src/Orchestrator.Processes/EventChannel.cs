using System.IO.Pipes;

namespace Orchestrator.Processes;

/// <summary>
/// Reads the event lines of one supervisor from a pipe that has no name on any disk, so that an owner that is killed
/// leaves none behind: the supervisor opens it through <c>/proc/PID/fd</c> (<c>proc(5)</c>).
/// </summary>
internal sealed class EventChannel : IDisposable
{
    private readonly AnonymousPipeServerStream pipe = new(PipeDirection.In, HandleInheritability.None);
    private int writerOpen = 1;

    /// <summary>What the supervisor opens.</summary>
    internal string Path => FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}");

    /// <summary>Lets go of our own writing end: from then on the pipe ends with the supervisor.</summary>
    internal void CloseWriter()
    {
        if (Interlocked.Exchange(ref writerOpen, 0) == 1)
        {
            pipe.DisposeLocalCopyOfClientHandle();
        }
    }

    /// <summary>Reads until the supervisor ends.</summary>
    /// <param name="handle">Called for each event.</param>
    /// <param name="done">Called with the exit status when a supervisor that is kept is done with a run.</param>
    internal async Task ReadAsync(Action<RunEvent> handle, Action<int>? done = null)
    {
        // The events of one run belong together; Signalled is told why.
        var parser = new EventParser(done);
        var lines = new LineWriter(line =>
        {
            CloseWriter();
            if (parser.Parse(line) is { } parsed)
            {
                handle(parsed);
            }
        });
        var buffer = new byte[4096];
        while (await pipe.ReadAsync(buffer).ConfigureAwait(false) is var count and > 0)
        {
            lines.Write(buffer.AsSpan(0, count));
        }
    }

    public void Dispose()
    {
        CloseWriter();
        pipe.Dispose();
    }
}
