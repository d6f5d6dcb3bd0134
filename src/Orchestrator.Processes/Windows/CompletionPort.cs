using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// The one place where everything that happens in a run arrives: what its job says, and what others post
/// (<see href="https://learn.microsoft.com/windows/win32/fileio/i-o-completion-ports">I/O Completion Ports</see>).
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class CompletionPort : IDisposable
{
    /// <summary>Marks what comes from the job.</summary>
    internal const nuint JobKey = 1;

    private const nuint PostKey = 2;

    internal CompletionPort()
    {
        Handle = Kernel32.CreateIoCompletionPort(-1, 0, 0, 1);
        if (Handle.IsInvalid)
        {
            throw new Win32Exception();
        }
    }

    internal SafePortHandle Handle { get; }

    /// <summary>Wakes the one that waits. After disposal nothing.</summary>
    internal void Post(RunNotice notice)
    {
        try
        {
            _ = Kernel32.PostQueuedCompletionStatus(Handle, (uint)notice, PostKey, 0);
        }
        catch (ObjectDisposedException)
        {
            // The run is over: nobody waits any more.
        }
    }

    /// <summary>Waits for the next thing to happen.</summary>
    /// <param name="milliseconds">At most so long; null for any time.</param>
    /// <returns><see cref="RunNotice.Job"/> for every message of the job; <see cref="RunNotice.None"/> if the time is over.</returns>
    internal RunNotice Wait(long? milliseconds)
    {
        const int TimedOut = 258; // WAIT_TIMEOUT
        var limit = milliseconds is { } value ? (uint)Math.Clamp(value, 0, int.MaxValue) : Kernel32.Infinite;
        if (!Kernel32.GetQueuedCompletionStatus(Handle, out var bytes, out var key, out _, limit))
        {
            return Marshal.GetLastPInvokeError() == TimedOut ? RunNotice.None : throw new Win32Exception();
        }

        return key == JobKey ? RunNotice.Job : (RunNotice)bytes;
    }

    public void Dispose() => Handle.Dispose();
}
