using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>An open file descriptor, closed once.</summary>
/// <param name="number">Its number.</param>
/// <param name="owned">False if it is only borrowed, and closed by somebody else.</param>
internal sealed class FileDescriptor(int number, bool owned = true) : IDisposable
{
    private bool closed;

    internal int Number => closed ? throw new ObjectDisposedException(nameof(FileDescriptor)) : number;

    public void Dispose()
    {
        if (!closed)
        {
            closed = true;
            _ = owned ? LibC.close(number) : 0;
        }
    }
}
