using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>An open file descriptor, closed once.</summary>
/// <param name="number">Its number.</param>
/// <param name="owned">False if it is only borrowed, and closed by somebody else.</param>
internal sealed class FileDescriptor(int number, bool owned = true) : IDisposable
{
    private bool closed;

    /// <summary>Whether it is waited for by POLLPRI: files of cgroupfs are always readable, and tell a change by that.</summary>
    internal bool IsForPriority { get; private set; }

    internal int Number => closed ? throw new ObjectDisposedException(nameof(FileDescriptor)) : number;

    internal FileDescriptor ForPriority()
    {
        IsForPriority = true;
        return this;
    }

    public void Dispose()
    {
        if (!closed)
        {
            closed = true;
            _ = owned ? LibC.close(number) : 0;
        }
    }
}
