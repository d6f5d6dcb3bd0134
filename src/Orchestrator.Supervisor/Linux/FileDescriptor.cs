using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>An open file descriptor, closed once.</summary>
internal sealed class FileDescriptor(int number) : IDisposable
{
    private bool closed;

    internal int Number => closed ? throw new ObjectDisposedException(nameof(FileDescriptor)) : number;

    public void Dispose()
    {
        if (!closed)
        {
            closed = true;
            _ = LibC.close(number);
        }
    }
}
