using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Orchestrator.Supervisor.Linux;

internal static unsafe partial class SystemCalls
{
    /// <summary>Signals exactly the process of a descriptor, never one that got its number later: pidfd_send_signal(2).</summary>
    /// <returns>False if it is gone, or is another user's.</returns>
    internal static bool Signal(FileDescriptor process, int signal) => pidfd_send_signal(process.Number, signal, null, 0) == 0;

    /// <summary>Signals a process by its number: kill(2). Only for what cannot have ended and been replaced meanwhile.</summary>
    internal static bool SignalNumber(int pid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pid, 1);
        return kill(pid, signal) == 0;
    }

    /// <summary>Signals a group: kill(2) with a negative PID. Refuses groups 0 and 1, which would be our own and everybody's.</summary>
    /// <returns>False if the group has no process that may be signalled.</returns>
    internal static bool SignalGroup(int pgid, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pgid, 1);
        return kill(-pgid, signal) == 0;
    }

    /// <summary>Whether our thread blocks all of these signals: pthread_sigmask(3).</summary>
    internal static bool AreBlocked(ReadOnlySpan<int> signals)
    {
        sigset_t blocked;
        _ = pthread_sigmask(0, null, &blocked);
        foreach (var signal in signals)
        {
            if (sigismember(&blocked, signal) != 1)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether our thread blocks any of these signals: pthread_sigmask(3).</summary>
    internal static bool IsAnyBlocked(ReadOnlySpan<int> signals)
    {
        foreach (var signal in signals)
        {
            if (AreBlocked([signal]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Keeps these signals from our thread, and from those that it starts: pthread_sigmask(3).</summary>
    internal static void Block(ReadOnlySpan<int> signals)
    {
        var set = Set(signals);
        _ = pthread_sigmask(0, &set, null); // SIG_BLOCK
    }

    /// <summary>Lets our thread take these signals: pthread_sigmask(3).</summary>
    internal static void Unblock(ReadOnlySpan<int> signals)
    {
        var set = Set(signals);
        _ = pthread_sigmask(1, &set, null); // SIG_UNBLOCK
    }

    /// <summary>A descriptor that becomes readable when one of these signals is pending: signalfd(2).</summary>
    internal static FileDescriptor CreateSignalDescriptor(ReadOnlySpan<int> signals)
    {
        var set = Set(signals);
        return new(Check(signalfd(-1, &set, ClosedExecNonBlock), "signalfd"));
    }

    /// <summary>Takes one signal: read(2) on a signalfd(2). Null if none is pending.</summary>
    /// <returns>Its number, and the process that sent it; 0 for the kernel, or for one that our PID namespace does not know.</returns>
    internal static (int Number, int Sender)? ReadSignal(FileDescriptor signals)
    {
        // struct signalfd_siginfo: u32 number, i32 error, i32 code, u32 sender.
        Span<byte> information = stackalloc byte[128];
        return Read(signals, information) == information.Length
            ? (MemoryMarshal.Read<int>(information), MemoryMarshal.Read<int>(information[12..]))
            : null;
    }

    /// <summary>Whether a signal is ignored, which is inherited over exec: sigaction(2).</summary>
    internal static bool IsIgnored(int signal)
    {
        sigaction current = default;
        Check(LibC.sigaction(signal, null, &current), "sigaction");
        return (nint)current.sa_handler == 1; // SIG_IGN
    }

    /// <summary>Gives a signal its default action again: sigaction(2).</summary>
    internal static void SetDefaultAction(int signal)
    {
        sigaction action = default;
        Check(LibC.sigaction(signal, &action, null), "sigaction");
    }

    private static sigset_t Set(ReadOnlySpan<int> signals)
    {
        sigset_t set;
        sigemptyset(&set);
        foreach (var signal in signals)
        {
            sigaddset(&set, signal);
        }

        return set;
    }

    private static int pidfd_send_signal(int fd, int signal, void* info, uint flags) =>
        (int)syscall(424, fd, signal, info, (int)flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int fd, sigset_t* mask, int flags);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, sigset_t* set, sigset_t* old);
}
