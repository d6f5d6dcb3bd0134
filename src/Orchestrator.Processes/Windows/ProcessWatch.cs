using System.ComponentModel;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Calls back when a process ends. Its handle is open from the start, so that its PID cannot become another's.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ProcessWatch : IDisposable
{
    private readonly SafeProcessHandle process;
    private readonly EndEvent end;
    private readonly RegisteredWaitHandle registration;

    private ProcessWatch(SafeProcessHandle process, Action ended)
    {
        this.process = process;
        end = new(process);
        registration = ThreadPool.RegisterWaitForSingleObject(end, (_, _) => ended(), null, Timeout.Infinite, executeOnlyOnce: true);
    }

    /// <summary>Of a process that we hold.</summary>
    internal static ProcessWatch Of(SafeProcessHandle process, Action ended) => new(process, ended);

    /// <summary>Of any process.</summary>
    /// <param name="owner">Which; its start time is when it was created, in units of 100 ns since 1601 (FILETIME).</param>
    /// <param name="ended">Called when it ends.</param>
    /// <returns>Null if it has ended already, or if its PID is another's by now.</returns>
    internal static ProcessWatch? Of(RunOwner owner, Action ended)
    {
        var process = Kernel32.OpenProcess(ProcessAccess.Query | ProcessAccess.Synchronize, inheritHandle: false, owner.ProcessId);
        if (!process.IsInvalid
            && Kernel32.WaitForSingleObject(process, 0) != 0
            && (owner.StartTime is not { } start || StartTime(process) == start))
        {
            return new(process, ended);
        }

        process.Dispose();
        return null;
    }

    /// <summary>When a process was created, as <see cref="RunOwner.StartTime"/> has it; null if that cannot be known.</summary>
    internal static ulong? StartTime(SafeProcessHandle process) =>
        Kernel32.GetProcessTimes(process, out var creation, out _, out _, out _) ? (ulong)creation : null;

    /// <summary>Ends the watch; a call that has begun is waited for, so none comes after this.</summary>
    internal void End()
    {
        using var called = new ManualResetEvent(false);
        if (registration.Unregister(called))
        {
            called.WaitOne();
        }

        Dispose();
    }

    public void Dispose()
    {
        _ = registration.Unregister(null);
        end.Dispose();
        process.Dispose();
    }

    private sealed class EndEvent : WaitHandle
    {
        // A handle of its own: the pool's thread may wait on it for a moment longer, when the process's is closed and its number another's.
        internal EndEvent(SafeProcessHandle process)
        {
            var self = Kernel32.GetCurrentProcess();
            SafeWaitHandle = Kernel32.DuplicateHandle(self, process, self, out var own, 0, inheritHandle: false, Kernel32.SameAccess) ? own : throw new Win32Exception();
        }
    }
}
