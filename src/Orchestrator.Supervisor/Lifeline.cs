using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>A FIFO or pipe that an owner holds open for writing: its end of file means that the owner is gone (<c>pipe(7)</c>).</summary>
internal sealed class Lifeline : IDisposable
{
    private Lifeline(FileDescriptor? descriptor) => Descriptor = descriptor;

    /// <summary>Becomes readable at the end; null if that was before it could be opened.</summary>
    internal FileDescriptor? Descriptor { get; private set; }

    /// <exception cref="UsageException">It is no FIFO or pipe, or cannot be opened.</exception>
    internal static Lifeline Open(string path)
    {
        try
        {
            // A pipe named by /proc/PID/fd/N is gone together with its owner.
            var descriptor = SystemCalls.Open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOCTTY);
            if (descriptor is not null && !SystemCalls.Status(descriptor).IsFifo)
            {
                descriptor.Dispose();
                throw new UsageException($"--lifeline '{path}': it is not a FIFO or pipe");
            }

            return new(descriptor);
        }
        catch (LinuxException exception)
        {
            throw new UsageException($"--lifeline '{path}': {exception.Message}");
        }
    }

    /// <summary>Whether nobody holds it open for writing. What was written is thrown away.</summary>
    internal bool HasEnded()
    {
        Span<byte> unwanted = stackalloc byte[256];
        var count = 1;
        while (Descriptor is { } descriptor && (count = SystemCalls.Read(descriptor, unwanted)) > 0)
        {
        }

        if (count == 0)
        {
            Dispose();
            Descriptor = null;
        }

        return Descriptor is null;
    }

    public void Dispose() => Descriptor?.Dispose();
}
