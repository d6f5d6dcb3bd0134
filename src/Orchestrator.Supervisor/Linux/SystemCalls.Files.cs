using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Orchestrator.Supervisor.Linux;

/// <summary>What is special about a file or directory: <c>statx(2)</c>, stx_attributes.</summary>
[Flags]
internal enum FileAttribute : ulong
{
    None = 0,

    /// <summary>chattr +i: nothing about it can be changed, and it cannot be removed.</summary>
    Immutable = 0x10,

    /// <summary>chattr +a: nothing can be taken out of it.</summary>
    AppendOnly = 0x20,
}

/// <summary>The calls that removing a directory needs and nothing else does.</summary>
internal static unsafe partial class SystemCalls
{
    private const int AtEmptyPath = 0x1000;
    private const int RenameNoReplace = 1;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

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

    /// <summary>Sets the file mode creation mask: umask(2).</summary>
    internal static void SetUmask(int mask) => _ = umask((ushort)mask);

    private static bool MayAccess(string path, int mode)
    {
        fixed (byte* start = Encode(path))
        {
            return access(start, mode) == 0;
        }
    }

    /// <summary>Makes a directory that only we may use, in another: mkdirat(2).</summary>
    /// <returns>False if the name is taken.</returns>
    internal static bool TryMakeDirectory(FileDescriptor parent, ReadOnlySpan<byte> name)
    {
        fixed (byte* path = name)
        {
            return mkdirat(parent.Number, path, 0x1C0) == 0 || (errno == EEXIST ? false : throw new LinuxException("mkdir", errno));
        }
    }

    /// <summary>Moves a name within a directory, unless the new one is taken: renameat2(2), RENAME_NOREPLACE.</summary>
    /// <returns>0, or the error number.</returns>
    internal static int RenameToFree(FileDescriptor directory, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        fixed (byte* source = from, target = to)
        {
            return renameat2(directory.Number, source, directory.Number, target, RenameNoReplace) == 0 ? 0 : errno;
        }
    }

    /// <summary>A second descriptor of an open file: fcntl(2), F_DUPFD_CLOEXEC. Null if none can be had.</summary>
    internal static FileDescriptor? TryDuplicate(FileDescriptor file) =>
        fcntl(file.Number, F_DUPFD_CLOEXEC, 0) is >= 0 and var copy ? new(copy) : null;

    /// <summary>Changes the mode of an open file: fchmod(2).</summary>
    internal static void ChangeOpenMode(FileDescriptor file, int mode) => _ = fchmod(file.Number, (uint)mode);

    /// <summary>What keeps a name from being removed, as far as the file system tells: statx(2).</summary>
    /// <param name="directory">Where the name is.</param>
    /// <param name="name">The name; empty, but for its zero, for the directory itself.</param>
    internal static FileAttribute Attributes(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        // Neither Tmds.LibC nor every libc has the call. Of the 256 bytes the second eight are stx_attributes.
        var number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 332,
            Architecture.Arm64 => 291,
            _ => 0,
        };
        var status = stackalloc ulong[32];
        fixed (byte* path = name)
        {
            return number > 0 && (int)syscall(number, directory.Number, path, AT_SYMLINK_NOFOLLOW | AtEmptyPath, 0, status) == 0
                ? (FileAttribute)status[1]
                : FileAttribute.None;
        }
    }

    /// <summary>The mount that an open file was reached through: /proc/self/fdinfo (<c>proc(5)</c>). Null if it cannot be told.</summary>
    private static int? Mount(int file)
    {
        var text = ProcessTable.ReadFile(AT_FDCWD, Encode(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{file}")));
        var line = Array.Find(Encoding.UTF8.GetString(text ?? []).Split('\n'), line => line.StartsWith("mnt_id:", StringComparison.Ordinal));
        return int.TryParse(line?["mnt_id:".Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var mount) ? mount : null;
    }

    // Where openat2(2) is missing or forbidden (before Linux 5.6, or by a seccomp filter, which says EPERM).
    private static int OpenOnSameMount(int directory, byte* path, int flags)
    {
        var opened = openat(directory, path, flags, 0);
        if (opened >= 0 && (Mount(opened) is not { } mount || mount != Mount(directory)))
        {
            _ = close(opened);
            Marshal.SetLastSystemError(EXDEV);
            Marshal.SetLastPInvokeError(EXDEV);
            return -1;
        }

        return opened;
    }

    /// <summary>Returns when what was written to a file is on its disk: fdatasync(2).</summary>
    internal static void WriteBack(FileDescriptor file)
    {
        if (fdatasync(file.Number) != 0 && errno != EINVAL && errno != ENOSYS) // nothing there to write back to
        {
            throw new LinuxException("fdatasync", errno);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int memfd_create(byte* name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(int fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat(int oldDirectory, byte* oldPath, int newDirectory, byte* newPath);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);
}
