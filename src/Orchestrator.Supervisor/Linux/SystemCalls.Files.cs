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
    private static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);
}
