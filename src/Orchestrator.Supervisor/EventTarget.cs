using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>One place where event lines go: a file, a FIFO or a Unix socket.</summary>
internal sealed class EventTarget : IDisposable
{
    private readonly string path;
    private readonly FileDescriptor descriptor;
    private byte[] unfinished = [];
    private int lastError;

    private EventTarget(string path, FileDescriptor descriptor) => (this.path, this.descriptor) = (path, descriptor);

    /// <summary>How many lines it did not take.</summary>
    internal int Dropped { get; private set; }

    /// <summary>How many lines it did not take, and why; null if it took all.</summary>
    internal string? Loss => Dropped > 0 ? $"{Dropped} event lines were dropped: {path}: {LinuxException.Describe(lastError)}" : null;

    /// <exception cref="LinuxException">It cannot be opened; ENXIO for a FIFO that nobody reads.</exception>
    internal static EventTarget Open(string path)
    {
        var isSocket = SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path)) is { IsSocket: true };
        return new(path, isSocket
            ? SystemCalls.ConnectUnix(path)
            : SystemCalls.Open(path, LibC.O_WRONLY | LibC.O_APPEND | LibC.O_CREAT | LibC.O_NONBLOCK | LibC.O_NOCTTY, 0x180)
                ?? throw new LinuxException("open", LibC.ENOENT));
    }

    internal void Send(ReadOnlySpan<byte> line)
    {
        // A pipe takes a line of up to PIPE_BUF bytes whole or not at all; a longer one, and a socket, can take a part.
        // The rest of such a line must go first, or two lines would be mixed.
        if (unfinished.Length > 0)
        {
            unfinished = Rest(unfinished, SystemCalls.Write(descriptor, unfinished));
        }

        var written = unfinished.Length > 0 ? 0 : SystemCalls.Write(descriptor, line);
        if (written <= 0)
        {
            lastError = LibC.errno;
            Dropped++;
        }
        else
        {
            unfinished = Rest(line, written);
        }
    }

    public void Dispose() => descriptor.Dispose();

    private static byte[] Rest(ReadOnlySpan<byte> bytes, int written) =>
        written >= bytes.Length ? [] : bytes[Math.Max(0, written)..].ToArray();
}
