using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Supervisor.MacOS;

/// <summary>Everything that a run waits for, on macOS: ends of processes (NOTE_EXIT) and a wake-up from a signal's handler.</summary>
[SupportedOSPlatform("macos")]
internal sealed unsafe class EventQueue
{
    private const nuint WakeUp = 1;
    private readonly int queue;

    internal EventQueue()
    {
        queue = Libc.Kqueue();
        if (queue < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        _ = Change(new() { Identity = WakeUp, Filter = Libc.UserFilter, Flags = Libc.AddAndClear });
    }

    /// <summary>Asks to be told of a process's end, whoever's it is.</summary>
    /// <returns>False if it has ended already.</returns>
    internal bool WatchEnd(int process) =>
        Change(new() { Identity = (nuint)process, Filter = Libc.ProcessFilter, Flags = Libc.AddOnce, FilterFlags = Libc.NoteExit }) != Libc.NoSuchProcess;

    /// <summary>Wakes the one that waits.</summary>
    internal void Wake() => _ = Change(new() { Identity = WakeUp, Filter = Libc.UserFilter, FilterFlags = Libc.NoteTrigger });

    /// <summary>Waits for the next event.</summary>
    /// <param name="milliseconds">At most so long; null for any time.</param>
    /// <returns>PID of a process that has ended; 0 for a wake-up, or if the time is over.</returns>
    internal int Wait(long? milliseconds)
    {
        KernelEvent happened;
        var limit = new TimeSpec { Seconds = (nint)((milliseconds ?? 0) / 1000), Nanoseconds = (nint)((milliseconds ?? 0) % 1000 * 1_000_000) };
        var count = Libc.Kevent(queue, null, 0, &happened, 1, milliseconds is null ? null : &limit);
        return count > 0 && happened.Filter == Libc.ProcessFilter ? (int)happened.Identity : 0;
    }

    private int Change(KernelEvent change) => Libc.Kevent(queue, &change, 1, null, 0, null) < 0 ? Marshal.GetLastPInvokeError() : 0;
}
