using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Orchestrator.Supervisor.Linux;

/// <summary>
/// Every system call that containment is made of, in one place: Tmds.LibC where it has the call, P/Invoke where it
/// lacks it. Long, because the rule is one file a platform; spawning is in a file of its own. Each returns a typed result, or throws <see cref="LinuxException"/> with the name of the call.
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
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
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
        _ = wait4(pid, &status, WNoHang, null);
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
            var pid = wait4(-1, &status, WNoHang, null);
            if (pid == 0)
            {
                return false;
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

    /// <summary>What all reaped children used: getrusage(2), RUSAGE_CHILDREN.</summary>
    internal static (TimeSpan CpuTime, long PeakBytes) ChildrenUsage()
    {
        ResourceUsage usage = default;
        Check(getrusage(-1, &usage), "getrusage");
        var microseconds = ((usage.UserSeconds + usage.SystemSeconds) * 1_000_000) + usage.UserMicroseconds + usage.SystemMicroseconds;
        return (TimeSpan.FromMicroseconds(microseconds), usage.MaxResidentKilobytes * 1024);
    }

    /// <summary>Takes an advisory lock: flock(2). The kernel drops it with its holder, however that dies.</summary>
    /// <returns>False if somebody else holds it.</returns>
    internal static bool TryLock(FileDescriptor file, bool exclusive) =>
        flock(file.Number, (exclusive ? LockExclusive : LockShared) | LockNonBlocking) == 0
        || (errno == EWOULDBLOCK ? false : throw new LinuxException("flock", errno));

    /// <summary>Waits for the exclusive lock: flock(2).</summary>
    internal static void LockExclusively(FileDescriptor file)
    {
        while (flock(file.Number, LockExclusive) != 0)
        {
            if (errno != EINTR)
            {
                throw new LinuxException("flock", errno);
            }
        }
    }

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

    /// <summary>Opens a file: open(2), always close-on-exec. Null if it does not exist.</summary>
    internal static FileDescriptor? Open(string path, int flags, int mode = 0) => OpenAt(AT_FDCWD, Encode(path), flags, mode);

    /// <summary>Opens a file below a directory: openat(2), always close-on-exec. Null if it does not exist.</summary>
    internal static FileDescriptor? OpenAt(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0)
    {
        fixed (byte* path = name)
        {
            int fd;
            do
            {
                fd = openat(directory, path, flags | O_CLOEXEC, (ushort)mode);
            }
            while (fd < 0 && errno == EINTR);
            return fd >= 0 ? new(fd) : errno == ENOENT ? null : throw new LinuxException("open", errno);
        }
    }

    /// <summary>
    /// Opens a directory right below another, never through a link and never on another file system or mount:
    /// openat2(2), RESOLVE_NO_XDEV.
    /// </summary>
    /// <returns>0, or the error number: EXDEV for a mount point, ENOTDIR or ELOOP for what is no directory.</returns>
    internal static int OpenDirectoryBelow(FileDescriptor directory, ReadOnlySpan<byte> name, int flags, out FileDescriptor? opened)
    {
        const ulong NoCrossDevice = 0x01;
        const ulong NoSymbolicLinks = 0x04;
        open_how how = default;
        how.flags = (uint)(flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        how.resolve = NoCrossDevice | NoSymbolicLinks;
        fixed (byte* path = name)
        {
            var fd = openat2(directory.Number, path, &how, sizeof(open_how));
            var error = fd < 0 ? errno : 0;
            if (error == ENOSYS || error == EPERM)
            {
                fd = OpenOnSameMount(directory.Number, path, (int)how.flags);
                error = fd < 0 ? errno : 0;
            }

            opened = fd < 0 ? null : new(fd);
            return error;
        }
    }

    /// <summary>Connects to a Unix stream socket without blocking: unix(7).</summary>
    internal static FileDescriptor ConnectUnix(string path)
    {
        var encoded = Encode(path);
        sockaddr_un address = default;
        if (encoded.Length > 108)
        {
            throw new LinuxException("connect", ENAMETOOLONG);
        }

        address.sun_family = AF_UNIX;
        encoded.CopyTo(new Span<byte>(address.sun_path, 108));
        var descriptor = new FileDescriptor(Check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
        if (connect(descriptor.Number, (sockaddr*)&address, (uint)sizeof(sockaddr_un)) != 0)
        {
            var error = errno;
            descriptor.Dispose();
            throw new LinuxException("connect", error);
        }

        return descriptor;
    }

    /// <summary>Two connected sockets that keep messages apart, close-on-exec and non-blocking: socketpair(2), SOCK_SEQPACKET.</summary>
    internal static (FileDescriptor First, FileDescriptor Second) CreateSocketPair()
    {
        const int SequencedPackets = 5; // SOCK_SEQPACKET
        var pair = stackalloc int[2];
        Check(socketpair(AF_UNIX, SequencedPackets | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), "socketpair");
        return (new(pair[0]), new(pair[1]));
    }

    /// <summary>An unnamed file in memory: memfd_create(2).</summary>
    internal static FileDescriptor CreateMemoryFile(string name)
    {
        const uint CloseOnExecFlag = 1; // MFD_CLOEXEC
        fixed (byte* start = Encode(name))
        {
            return new(Check(memfd_create(start, CloseOnExecFlag), "memfd_create"));
        }
    }

    /// <summary>Keeps a descriptor that we were given from what we start: fcntl(2), FD_CLOEXEC.</summary>
    internal static void CloseOnExec(FileDescriptor descriptor) => Check(fcntl(descriptor.Number, F_SETFD, FD_CLOEXEC), "fcntl");

    /// <summary>Whether a number is that of an open descriptor: fcntl(2), F_GETFD.</summary>
    internal static bool IsOpen(int number) => fcntl(number, F_GETFD, 0) >= 0;

    /// <summary>Sends descriptors together with a number over a Unix socket: sendmsg(2), SCM_RIGHTS (unix(7)).</summary>
    internal static void SendDescriptors(FileDescriptor socket, int value, ReadOnlySpan<int> descriptors)
    {
        var control = stackalloc byte[ControlHeaderSize + (descriptors.Length * sizeof(int)) + sizeof(long)];
        var header = (ControlHeader*)control;
        *header = new() { Length = (nuint)(ControlHeaderSize + (descriptors.Length * sizeof(int))), Level = SOL_SOCKET, Type = 1 }; // SCM_RIGHTS
        descriptors.CopyTo(new Span<int>(control + ControlHeaderSize, descriptors.Length));
        DataBuffer data = new() { Start = &value, Length = sizeof(int) };
        MessageHeader message = new()
        {
            Data = &data,
            DataCount = 1,
            Control = descriptors.Length > 0 ? control : null,
            ControlLength = descriptors.Length > 0 ? header->Length : 0,
        };
        Check((int)sendmsg(socket.Number, &message, 0), "sendmsg");
    }

    /// <summary>Takes what <see cref="SendDescriptors"/> sent, close-on-exec: recvmsg(2).</summary>
    internal static (int Value, FileDescriptor[] Descriptors) ReceiveDescriptors(FileDescriptor socket, int atMost)
    {
        const int CloseOnExecFlag = 0x40000000; // MSG_CMSG_CLOEXEC
        var size = ControlHeaderSize + (atMost * sizeof(int)) + sizeof(long);
        var control = stackalloc byte[size];
        new Span<byte>(control, size).Clear();
        int value;
        DataBuffer data = new() { Start = &value, Length = sizeof(int) };
        MessageHeader message = new() { Data = &data, DataCount = 1, Control = control, ControlLength = (nuint)size };
        Check((int)recvmsg(socket.Number, &message, CloseOnExecFlag), "recvmsg");
        var length = (int)((ControlHeader*)control)->Length - ControlHeaderSize;
        return (value, length > 0 ? [.. new ReadOnlySpan<int>(control + ControlHeaderSize, length / sizeof(int)).ToArray().Select(number => new FileDescriptor(number))] : []);
    }

    /// <summary>Reads once: read(2). 0 at the end, -1 on an error.</summary>
    internal static int Read(FileDescriptor file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)read(file.Number, start, buffer.Length);
        }
    }

    /// <summary>Writes once: write(2). -1 if nothing could be written.</summary>
    internal static int Write(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)write(file.Number, start, bytes.Length);
        }
    }

    /// <summary>What a name in a directory is, not following a link: fstatat(2). Null if it is gone.</summary>
    internal static FileStatus? Status(int directory, ReadOnlySpan<byte> name, int flags = 0)
    {
        stat status;
        fixed (byte* path = name)
        {
            return fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW | flags) == 0
                ? new((uint)status.st_mode, (ulong)status.st_dev, (ulong)status.st_ino, (uint)status.st_uid, (ulong)status.st_nlink)
                : errno == ENOENT || errno == ENOTDIR ? null : throw new LinuxException("fstatat", errno);
        }
    }

    /// <summary>What an open file is: fstat(2).</summary>
    internal static FileStatus Status(FileDescriptor file)
    {
        stat status;
        Check(fstat(file.Number, &status), "fstat");
        return new((uint)status.st_mode, (ulong)status.st_dev, (ulong)status.st_ino, (uint)status.st_uid, (ulong)status.st_nlink);
    }

    /// <summary>Entries of an open directory, from its current place: getdents64(2). 0 at the end.</summary>
    internal static int ReadEntries(FileDescriptor directory, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            // ENOENT: it was removed while we read.
            var length = (int)getdents64(directory.Number, start, (nuint)buffer.Length);
            return length >= 0 ? length : errno == ENOENT ? 0 : throw new LinuxException("getdents64", errno);
        }
    }

    /// <summary>Starts reading a directory again from its first entry: lseek(2).</summary>
    internal static void Rewind(FileDescriptor directory) => Check((int)(long)lseek(directory.Number, 0, SEEK_SET), "lseek");

    /// <summary>Removes a name: unlinkat(2).</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Remove(int directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        fixed (byte* path = name)
        {
            return unlinkat(directory, path, isDirectory ? AT_REMOVEDIR : 0) == 0 ? 0 : errno;
        }
    }

    /// <summary>Gives a file a second name in the same directory, unless that is taken: linkat(2).</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Link(int directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> second)
    {
        fixed (byte* source = name, target = second)
        {
            return linkat(directory, source, directory, target, 0) == 0 ? 0 : errno;
        }
    }

    /// <summary>Moves a name: renameat(2).</summary>
    /// <returns>0, or the error number.</returns>
    internal static int Rename(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        fixed (byte* source = from, target = to)
        {
            return renameat(fromDirectory, source, toDirectory, target) == 0 ? 0 : errno;
        }
    }

    /// <summary>Changes the mode of an open file: fchmod(2), or chmod(2) of /proc/self/fd where it is open by O_PATH.</summary>
    /// <returns>Whether that could be done.</returns>
    internal static bool ChangeMode(FileDescriptor file, int mode)
    {
        if (fchmod(file.Number, (ushort)mode) == 0)
        {
            return true;
        }

        fixed (byte* path = Encode($"/proc/self/fd/{file.Number}"))
        {
            return chmod(path, (ushort)mode) == 0;
        }
    }

    /// <summary>Makes a directory that only we may use: mkdir(2).</summary>
    /// <returns>False if the name is taken.</returns>
    internal static bool TryMakeDirectory(string path)
    {
        fixed (byte* start = Encode(path))
        {
            return mkdir(start, (ushort)0x1C0) == 0 || (errno == EEXIST ? false : throw new LinuxException("mkdir", errno));
        }
    }

    /// <summary>Whether we may execute a file: access(2), X_OK.</summary>
    internal static bool MayExecute(string path) => MayAccess(path, X_OK);

    /// <summary>Whether we may write to a file or directory: access(2), W_OK.</summary>
    internal static bool MayWrite(string path) => MayAccess(path, W_OK);

    /// <summary>Whether programs on the file system of a path cannot be executed: statvfs(3), ST_NOEXEC.</summary>
    internal static bool IsNoExec(string path)
    {
        const ulong NoExec = 8;
        statvfs information;
        fixed (byte* start = Encode(path))
        {
            Check(LibC.statvfs(start, &information), "statvfs");
        }

        return ((ulong)information.f_flag & NoExec) != 0;
    }

    /// <summary>Our effective user: geteuid(2).</summary>
    internal static uint EffectiveUser() => (uint)geteuid();

    /// <summary>Our parent: getppid(2).</summary>
    internal static int ParentId() => getppid();

    /// <summary>Sets the file mode creation mask: umask(2).</summary>
    internal static void SetUmask(int mask) => _ = umask((ushort)mask);

    /// <summary>A path or a name as the kernel wants it: UTF-8 and a zero.</summary>
    internal static byte[] Encode(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
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

    private static bool MayAccess(string path, int mode)
    {
        fixed (byte* start = Encode(path))
        {
            return access(start, mode) == 0;
        }
    }

    private static int Check(int result, string call) => result >= 0 ? result : throw new LinuxException(call, errno);

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct SigInfo
    {
        [FieldOffset(8)] public int Code;
        [FieldOffset(16)] public int Pid;
        [FieldOffset(24)] public int Status;
    }

    private const int ControlHeaderSize = 16;

    // struct cmsghdr, iovec and msghdr of 64-bit Linux (cmsg(3), sendmsg(2)).
    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct DataBuffer
    {
        public void* Start;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public nuint NameLength;
        public DataBuffer* Data;
        public nuint DataCount;
        public void* Control;
        public nuint ControlLength;
        public nint Flags;
    }

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        public long MaxResidentKilobytes;
    }

    // SetLastError puts errno where Tmds.LibC's own `errno` reads it.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nint argument2, nint argument3, nint argument4, nint argument5);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int idType, int id, SigInfo* info, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, void* usage);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int who, ResourceUsage* usage);

    // Tmds.LibC 0.5.0 has poll(2), but without SetLastError, so that EINTR could not be told from an error.
    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(pollfd* descriptors, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int fd, sigset_t* mask, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int memfd_create(byte* name, uint flags);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, sigset_t* set, sigset_t* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(int fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath);

    // pidfd_open and pidfd_send_signal have no wrapper before glibc 2.36, and none in musl: the numbers are the same on
    // every architecture since Linux 5.1.
    private static int pidfd_open(int pid, uint flags) => (int)syscall(434, pid, (int)flags);

    private static int pidfd_send_signal(int fd, int signal, void* info, uint flags) =>
        (int)syscall(424, fd, signal, info, (int)flags);
}
