using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Orchestrator.Supervisor.Linux;

/// <summary>
/// Every system call that containment is made of, in one place: Tmds.LibC where it has the call, P/Invoke where it
/// lacks it. Here are processes and waiting; signals, files, sockets and spawning have a part each. Each returns a typed
/// result, or throws <see cref="LinuxException"/> with the name of the call.
/// </summary>
internal static unsafe partial class SystemCalls
{
    private const int PrSetParentDeathSignal = 1;
    private const int PrSetChildSubreaper = 36;
    private const int PrSetName = 15;
    private const int PAll = 0;
    private const int PPid = 1;
    private const int WExited = 4;
    private const int WNoHang = 1;
    private const int WStopped = 2;
    private const int WNoWait = 0x01000000;
    private static ResourceUsage before;
    private static long peakKilobytes;
    private const int ClosedExecNonBlock = 0x80800; // EFD_CLOEXEC | EFD_NONBLOCK

    /// <summary>Changes comm, what our first thread and so our process is called: prctl(2), PR_SET_NAME. To be called by that thread.</summary>
    internal static void SetName(string name)
    {
        fixed (byte* text = Encode(name))
        {
            _ = prctl(PrSetName, (nint)text, 0, 0, 0);
        }
    }

    /// <summary>Adopt every orphan among our descendants: prctl(2), PR_SET_CHILD_SUBREAPER.</summary>
    internal static void BecomeSubreaper() => Check(prctl(PrSetChildSubreaper, 1, 0, 0, 0), "prctl");

    /// <summary>Changes our working directory: chdir(2).</summary>
    internal static void ChangeDirectory(string path)
    {
        fixed (byte* text = Encode(path))
        {
            Check(chdir(text), "chdir");
        }
    }

    /// <summary>A new session and group of our own: setsid(2). False if we lead a group already.</summary>
    internal static bool TryStartSession() => setsid() != -1;

    /// <summary>Why <see cref="OpenProcess"/> cannot work here; null if it can.</summary>
    internal static string? OpenProcessProblem()
    {
        try
        {
            using var self = OpenProcess(Environment.ProcessId);
            return null;
        }
        catch (LinuxException exception)
        {
            return exception.Message + (exception.Error == ENOSYS ? " (Linux 5.3 or newer is needed)" : "");
        }
    }

    /// <summary>A descriptor that becomes readable when the process ends: pidfd_open(2). Null if there is no such process.</summary>
    /// <exception cref="LinuxException">It is refused, or no descriptor is left; <see cref="ProcessHandle"/> does without.</exception>
    internal static FileDescriptor? OpenProcess(int pid)
    {
        var fd = pidfd_open(pid, 0);
        if (fd >= 0)
        {
            return new(fd);
        }

        // EINVAL: a thread's id, or pid <= 0; either way it is no process.
        return errno == ESRCH || errno == EINVAL ? null : throw new LinuxException("pidfd_open", errno);
    }

    /// <summary>Waits for the end of the process of a descriptor: poll(2).</summary>
    /// <param name="process">From <see cref="OpenProcess"/>.</param>
    /// <param name="timeout">Milliseconds.</param>
    /// <returns>Whether it has ended.</returns>
    internal static bool WaitForEnd(FileDescriptor process, int timeout)
    {
        var deadline = Environment.TickCount64 + timeout;
        Span<bool> ready = [false];
        do
        {
            // A signal to us can cut the wait short.
            Poll([process], (int)Math.Max(0, deadline - Environment.TickCount64), ready);
        }
        while (!ready[0] && Environment.TickCount64 < deadline);
        return ready[0];
    }

    /// <summary>Whether a descriptor can be read without waiting: poll(2).</summary>
    internal static bool IsReadable(FileDescriptor descriptor)
    {
        Span<bool> ready = [false];
        Poll([descriptor], 0, ready);
        return ready[0];
    }

    /// <summary>Whether there is a process of this number, be it another user's or a zombie: kill(2) with signal 0.</summary>
    internal static bool Exists(int pid) => kill(pid, 0) == 0 || errno == EPERM;

    /// <summary>Whether a group has a member, be it another user's or a zombie: kill(2) with signal 0.</summary>
    internal static bool GroupExists(int pgid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(pgid, 1);
        return kill(-pgid, 0) == 0 || errno == EPERM;
    }

    /// <summary>The group of a process, -1 if it is gone: getpgid(2).</summary>
    internal static int GroupOf(int pid) => getpgid(pid);

    /// <summary>The session of a process, -1 if it is gone: getsid(2).</summary>
    internal static int SessionOf(int pid) => getsid(pid);

    /// <summary>Whether a process is our child and not a zombie: waitid(2), WNOWAIT.</summary>
    internal static bool IsLivingChild(int pid)
    {
        SigInfo info = default;
        return waitid(PPid, pid, &info, WExited | WNoHang | WNoWait) == 0 && info.Pid == 0;
    }

    /// <summary>Our children, zombies included, found by asking for each number of a range: waitid(2). For where there is no /proc.</summary>
    internal static List<int> FindChildren(int first, int last)
    {
        var children = new List<int>();
        for (var pid = first; pid <= last; pid++)
        {
            // Cheaper than waitid(2), and most numbers are nobody's.
            if (getpgid(pid) >= 0)
            {
                SigInfo info = default;
                if (waitid(PPid, pid, &info, WExited | WNoHang | WNoWait) == 0)
                {
                    children.Add(pid);
                }
            }
        }

        return children;
    }

    /// <summary>
    /// Asks for a signal when the thread that started us ends: prctl(2), PR_SET_PDEATHSIG. Only <see cref="ParentId"/> tells
    /// whether the process ended too.
    /// </summary>
    internal static bool TrySignalOnParentEnd(int signal) => prctl(PrSetParentDeathSignal, signal, 0, 0, 0) == 0;

    /// <summary>How a child ended, without reaping it, so that its PID and group stay ours: waitid(2), WNOWAIT. Null while it lives.</summary>
    internal static ChildExit? PeekExit(int pid)
    {
        SigInfo info = default;
        return waitid(PPid, pid, &info, WExited | WNoHang | WNoWait) == 0 && info.Pid == pid
            ? ChildExit.FromSigInfo(info.Code, info.Status)
            : null;
    }

    /// <summary>Reaps one child if it has ended: wait4(2).</summary>
    internal static void Reap(int pid)
    {
        int status;
        ResourceUsage usage;
        if (wait4(pid, &status, WNoHang, &usage) > 0)
        {
            NotePeak(usage);
        }
    }

    /// <summary>Reaps children that have ended until the next one would be <paramref name="leader"/>: waitid(2), WNOWAIT.</summary>
    internal static void ReapWhileNot(int leader)
    {
        while (true)
        {
            SigInfo info = default;
            if (waitid(PAll, 0, &info, WExited | WNoHang | WNoWait) != 0 || info.Pid == 0 || info.Pid == leader)
            {
                return;
            }

            Reap(info.Pid);
        }
    }

    /// <summary>Reaps every child that has ended: wait4(2).</summary>
    /// <returns>True if no child is left at all (ECHILD).</returns>
    internal static bool ReapAll()
    {
        while (true)
        {
            int status;
            ResourceUsage usage;
            var pid = wait4(-1, &status, WNoHang, &usage);
            if (pid == 0)
            {
                return false;
            }

            if (pid > 0)
            {
                NotePeak(usage);
            }

            if (pid < 0 && errno != EINTR)
            {
                return errno == ECHILD ? true : throw new LinuxException("wait4", errno);
            }
        }
    }

    /// <summary>Waits for the end of a child that ends soon, and reaps it: waitid(2), wait4(2).</summary>
    internal static ChildExit WaitForExit(int pid)
    {
        SigInfo info = default;
        while (waitid(PPid, pid, &info, WExited | WNoWait) != 0)
        {
            if (errno != EINTR)
            {
                throw new LinuxException("waitid", errno);
            }
        }

        Reap(pid);
        return ChildExit.FromSigInfo(info.Code, info.Status);
    }

    /// <summary>What all children used that were reaped since <see cref="ForgetUsage"/>: getrusage(2), RUSAGE_CHILDREN, and wait4(2).</summary>
    internal static (TimeSpan CpuTime, long PeakBytes) ChildrenUsage() => (ReapedUsage().CpuTime - before.CpuTime, peakKilobytes * 1024);

    /// <summary>Begins anew to count what children use.</summary>
    internal static void ForgetUsage() => (before, peakKilobytes) = (ReapedUsage(), 0);

    /// <summary>A counter that one thread writes and poll(2) waits for: eventfd(2).</summary>
    internal static FileDescriptor CreateEvent() => new(Check(eventfd(0, ClosedExecNonBlock), "eventfd"));

    /// <summary>Makes an <see cref="CreateEvent"/> readable. Safe from any thread.</summary>
    internal static void RaiseEvent(FileDescriptor eventDescriptor)
    {
        ulong one = 1;
        _ = write(eventDescriptor.Number, &one, sizeof(ulong));
    }

    /// <summary>Makes an <see cref="CreateEvent"/> unreadable again.</summary>
    internal static void ClearEvent(FileDescriptor eventDescriptor)
    {
        ulong count;
        _ = read(eventDescriptor.Number, &count, sizeof(ulong));
    }

    /// <summary>
    /// Whether a child, or a thread of one, is alive: waitid(2). Asked for no exits, it passes over zombies, and says
    /// ECHILD if nothing but zombies is there.
    /// </summary>
    internal static bool HasLivingChild()
    {
        SigInfo info = default;
        return waitid(PAll, 0, &info, WStopped | WNoHang | WNoWait) == 0 || errno != ECHILD;
    }

    /// <summary>Waits until one of the descriptors is readable: poll(2).</summary>
    /// <param name="descriptors">What to wait for; a null is passed over.</param>
    /// <param name="timeout">Milliseconds; -1 for no limit.</param>
    /// <param name="ready">Which are readable, in the same order.</param>
    internal static void Poll(ReadOnlySpan<FileDescriptor?> descriptors, int timeout, Span<bool> ready)
    {
        Span<pollfd> polled = stackalloc pollfd[descriptors.Length];
        for (var i = 0; i < polled.Length; i++)
        {
            polled[i] = new pollfd { fd = descriptors[i]?.Number ?? -1, events = descriptors[i] is { IsForPriority: true } ? POLLPRI : POLLIN };
        }

        fixed (pollfd* first = polled)
        {
            if (poll(first, (nuint)polled.Length, timeout) < 0 && errno != EINTR)
            {
                throw new LinuxException("poll", errno);
            }
        }

        for (var i = 0; i < polled.Length; i++)
        {
            ready[i] = polled[i].revents != 0;
        }
    }

    /// <summary>Waits until a write of a page would not wait, or would fail: poll(2), POLLOUT.</summary>
    /// <param name="file">What is to be written to.</param>
    /// <param name="timeout">Milliseconds.</param>
    internal static bool IsWritable(FileDescriptor file, int timeout)
    {
        var polled = new pollfd { fd = file.Number, events = POLLOUT };
        return poll(&polled, 1, timeout) != 0;
    }

    /// <summary>Our effective user: geteuid(2).</summary>
    internal static uint EffectiveUser() => (uint)geteuid();

    /// <summary>Our parent: getppid(2).</summary>
    internal static int ParentId() => getppid();

    /// <summary>A path or a name as the kernel wants it: UTF-8 and a zero.</summary>
    internal static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private static ResourceUsage ReapedUsage()
    {
        ResourceUsage usage = default;
        Check(getrusage(-1, &usage), "getrusage");
        return usage;
    }

    // The kernel's own largest of all children cannot be set back.
    private static void NotePeak(ResourceUsage usage) => peakKilobytes = Math.Max(peakKilobytes, usage.MaxResidentKilobytes);

    private static int Check(int result, string call) => result >= 0 ? result : throw new LinuxException(call, errno);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SigInfo
    {
        [FieldOffset(8)] public int Code;
        [FieldOffset(16)] public int Pid;
        [FieldOffset(24)] public int Status;
    }

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaxResidentKilobytes;

        public readonly TimeSpan CpuTime =>
            TimeSpan.FromMicroseconds(((UserSeconds + SystemSeconds) * 1_000_000) + UserMicroseconds + SystemMicroseconds);
    }

    // SetLastError puts errno where Tmds.LibC's own `errno` reads it.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nint argument2, nint argument3, nint argument4, nint argument5);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, int id, SigInfo* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, ResourceUsage* usage);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int who, ResourceUsage* usage);

    // Tmds.LibC 0.5.0 has poll(2), but without SetLastError, so that EINTR could not be told from an error.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(pollfd* descriptors, nuint count, int timeout);

    // pidfd_open and pidfd_send_signal have no wrapper before glibc 2.36, and none in musl: the numbers are the same on
    // every architecture since Linux 5.1.
    private static int pidfd_open(int pid, uint flags) => (int)syscall(434, pid, (int)flags);
}
