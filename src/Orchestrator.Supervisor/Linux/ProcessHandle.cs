namespace Orchestrator.Supervisor.Linux;

/// <summary>
/// One process, and never another that gets its number later: by <c>pidfd_open(2)</c>, or, where that is refused (seccomp,
/// Linux before 5.3) or no descriptor is left, by its number and its start time.
/// </summary>
internal sealed class ProcessHandle : IDisposable
{
    private const int LookEvery = 20; // ms: without a descriptor there is no event to wait for
    private readonly ulong? start;

    private ProcessHandle(int pid, ulong? start, FileDescriptor? descriptor) => (Pid, this.start, Descriptor) = (pid, start, descriptor);

    internal int Pid { get; }

    /// <summary>Becomes readable when the process ends; null where there is none, and its end must be looked for.</summary>
    internal FileDescriptor? Descriptor { get; }

    /// <summary>Whether it is a zombie, or gone.</summary>
    internal bool HasEnded => Descriptor is { } descriptor ? SystemCalls.IsReadable(descriptor) : !IsAlive();

    /// <summary>Takes hold of a process.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="start">When it started; null to trust the number.</param>
    /// <returns>Null if it is gone, or if the number is another's by now.</returns>
    internal static ProcessHandle? Open(int pid, ulong? start = null)
    {
        FileDescriptor? descriptor = null;
        try
        {
            descriptor = SystemCalls.OpenProcess(pid);
            if (descriptor is null)
            {
                return null;
            }
        }
        catch (LinuxException)
        {
            // By number, then.
        }

        // The descriptor first, then the start time: after that the number cannot become somebody else's.
        var found = ProcessTable.Find(pid);
        var handle = new ProcessHandle(pid, start ?? found?.Start, descriptor);
        if ((start is not null && found?.Start != start) || (descriptor is null && !handle.IsAlive()))
        {
            handle.Dispose();
            return null;
        }

        return handle;
    }

    /// <summary>Sends it a signal.</summary>
    /// <returns>False if it is gone, or is another user's.</returns>
    internal bool Signal(int signal)
    {
        if (Descriptor is { } descriptor && SystemCalls.Signal(descriptor, signal))
        {
            return true;
        }

        // Refused: pidfd_send_signal(2) is another call than pidfd_open(2). Or it is gone, or another user's, and then this
        // finds so too.
        return IsAlive() && SystemCalls.SignalNumber(Pid, signal);
    }

    /// <summary>Waits for its end.</summary>
    /// <param name="timeout">Milliseconds.</param>
    /// <returns>Whether it has ended.</returns>
    internal bool WaitForEnd(int timeout)
    {
        if (Descriptor is { } descriptor)
        {
            return SystemCalls.WaitForEnd(descriptor, timeout);
        }

        var deadline = Environment.TickCount64 + timeout;
        while (IsAlive())
        {
            if (Environment.TickCount64 >= deadline)
            {
                return false;
            }

            SystemCalls.Poll([], LookEvery, []);
        }

        return true;
    }

    public void Dispose() => Descriptor?.Dispose();

    private bool IsAlive() => start is null
        ? SystemCalls.Exists(Pid) // /proc does not show it
        : ProcessTable.Find(Pid) is { IsAlive: true } found && found.Start == start;
}
