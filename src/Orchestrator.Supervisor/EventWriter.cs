using System.Buffers;
using System.Text.Json;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Writes event lines, JSON, one object a line. Opened and written without ever blocking: a reader that is slow or gone
/// costs lines, which are counted, and never time.
/// </summary>
internal sealed class EventWriter : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly FileDescriptor? target;
    private readonly ArrayBufferWriter<byte> buffer = new(512);
    private byte[] unfinished = [];
    private int dropped;

    private EventWriter(FileDescriptor? target) => this.target = target;

    /// <summary>Opens a file, a FIFO or a Unix socket; null for nowhere.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    internal static EventWriter Open(string? path)
    {
        if (path is null)
        {
            return new(null);
        }

        var isSocket = SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path)) is { IsSocket: true };
        return new(isSocket
            ? SystemCalls.ConnectUnix(path)
            : SystemCalls.Open(path, LibC.O_WRONLY | LibC.O_APPEND | LibC.O_CREAT | LibC.O_NONBLOCK | LibC.O_NOCTTY, 0x180)
                ?? throw new LinuxException("open", LibC.ENOENT));
    }

    internal void Started(int pid, int pgid, Containment containment, string run) => Write("started", json =>
    {
        json.WriteNumber("pid", pid);
        json.WriteNumber("pgid", pgid);
#pragma warning disable CA1308 // The contract's words are lower case.
        json.WriteString("containment", containment.ToString().ToLowerInvariant());
#pragma warning restore CA1308
        json.WriteString("run", run);
    });

    internal void Escaped(ProcessEntry process) => Write("escaped", json => Process(json, process));

    internal void Leftover(ProcessEntry process) => Write("leftover", json => Process(json, process));

    internal void Survived(ProcessEntry process) => Write("survived", json => Process(json, process));

    internal void Cancelling(string reason, int pgid, int signal) => Write("cancelling", json =>
    {
        json.WriteString("reason", reason);
        json.WriteNumber("pgid", pgid);
        json.WriteString("signal", Signals.Name(signal));
    });

    internal void Signalled(int signal, int pgid, int processes) => Write("signalled", json =>
    {
        json.WriteString("signal", Signals.Name(signal));
        json.WriteNumber("pgid", pgid);
        json.WriteNumber("processes", processes);
    });

    internal void Exited(ChildExit exit) => Write("exited", json =>
    {
        if (exit.Status is { } status)
        {
            json.WriteNumber("status", status);
        }
        else
        {
            json.WriteString("signal", Signals.Name(exit.Signal!.Value));
        }
    });

    internal void Empty(TimeSpan sinceCancelling, int killed) => Write("empty", json =>
    {
        json.WriteNumber("milliseconds", (long)sinceCancelling.TotalMilliseconds);
        json.WriteNumber("killed", killed);
    });

    internal void Usage(TimeSpan cpuTime, long peakBytes) => Write("usage", json =>
    {
        json.WriteNumber("cpu", (long)cpuTime.TotalMilliseconds);
        json.WriteNumber("memory", peakBytes);
    });

    internal void WorkDirectoryRemoved(string path) => Write("work-dir-removed", json => json.WriteString("path", path));

    internal void Failed(string message) => Write("failed", json => json.WriteString("message", message));

    public void Dispose()
    {
        if (dropped > 0)
        {
            Write("dropped", json => json.WriteNumber("lines", dropped));
        }

        target?.Dispose();
    }

    private static void Process(Utf8JsonWriter json, ProcessEntry process)
    {
        json.WriteNumber("pid", process.Pid);
        json.WriteString("command", process.Name);
    }

    private void Write(string name, Action<Utf8JsonWriter> fields)
    {
        if (target is null)
        {
            return;
        }

        buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WriteNumber("time", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            fields(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        Send(buffer.WrittenSpan);
    }

    private void Send(ReadOnlySpan<byte> line)
    {
        // A pipe takes a line of up to PIPE_BUF bytes whole or not at all; a longer one, and a socket, can take a part.
        // The rest of such a line must go first, or two lines would be mixed.
        if (unfinished.Length > 0)
        {
            unfinished = Rest(unfinished, SystemCalls.Write(target!, unfinished));
        }

        if (unfinished.Length > 0)
        {
            dropped++;
            return;
        }

        var written = SystemCalls.Write(target!, line);
        if (written <= 0)
        {
            dropped++;
        }
        else
        {
            unfinished = Rest(line, written);
        }
    }

    private static byte[] Rest(ReadOnlySpan<byte> bytes, int written) =>
        written >= bytes.Length ? [] : bytes[Math.Max(0, written)..].ToArray();
}
