using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Orchestrator.Pkgbuild;

/// <summary>What package builds need of the file system and .NET does not have. With those of <c>Kernel32</c> the only native calls of this library.</summary>
internal static unsafe partial class LinuxFile
{
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const uint RenameExchange = 2;

    /// <summary>A file's own status, symbolic links not followed: lstat(2).</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be reached.</exception>
    internal static FileStatus Status(string path)
    {
        stat status;
        fixed (byte* bytes = Bytes(path))
        {
            if (lstat(bytes, &status) != 0)
            {
                throw Failed(path, "lstat", errno);
            }
        }

        return new(
            (ulong)status.st_dev,
            (ulong)status.st_ino,
            (ulong)status.st_nlink,
            (uint)status.st_mode & (uint)S_IFMT,
            (UnixFileMode)((uint)status.st_mode & 0xFFF));
    }

    /// <summary>Whether the user may write into a directory: access(2), W_OK and X_OK.</summary>
    internal static bool IsWritableDirectory(string path)
    {
        fixed (byte* bytes = Bytes(path))
        {
            return access(bytes, W_OK | X_OK) == 0;
        }
    }

    /// <summary>Whether the user may execute a file: access(2), X_OK.</summary>
    internal static bool IsExecutable(string path)
    {
        fixed (byte* bytes = Bytes(path))
        {
            return access(bytes, X_OK) == 0;
        }
    }

    /// <summary>Sets permissions, whatever umask is: chmod(2).</summary>
    /// <exception cref="IOException">They cannot be set.</exception>
    internal static void SetMode(string path, UnixFileMode mode)
    {
        fixed (byte* bytes = Bytes(path))
        {
            if (chmod(bytes, (mode_t)(uint)mode) != 0)
            {
                throw Failed(path, "chmod", errno);
            }
        }
    }

    /// <summary>Gives a file the owner, group and permissions of another one, as far as the user may: chown(2), chmod(2).</summary>
    /// <exception cref="IOException">One of them is not there, or permissions cannot be set.</exception>
    internal static void CopyOwnerAndMode(string from, string to)
    {
        stat status;
        fixed (byte* source = Bytes(from), target = Bytes(to))
        {
            if (stat(source, &status) != 0)
            {
                throw Failed(from, "stat", errno);
            }

            // Only root may give a file away; who may not keeps it as his own, as sed -i does.
            _ = chown(target, status.st_uid, status.st_gid);
        }

        SetMode(to, (UnixFileMode)((uint)status.st_mode & 0xFFF));
    }

    /// <summary>Another name for a file, symbolic links not followed: link(2).</summary>
    /// <exception cref="IOException">It cannot be linked.</exception>
    internal static void Link(string existing, string path)
    {
        fixed (byte* from = Bytes(existing), to = Bytes(path))
        {
            if (link(from, to) != 0)
            {
                throw Failed(path, "link", errno);
            }
        }
    }

    /// <summary>Whether a file in one folder can get a name in another without being copied.</summary>
    internal static bool CanRename(string fromFolder, string toFolder)
    {
        if (Status(fromFolder).Device != Status(toFolder).Device)
        {
            return false;
        }

        // One device can be mounted twice. The kernel looks at that before it looks for the file, of which there is none.
        fixed (byte* from = Bytes(Path.Combine(fromFolder, ".none")), to = Bytes(Path.Combine(toFolder, ".none")))
        {
            return rename(from, to) == 0 || Marshal.GetLastPInvokeError() != EXDEV;
        }
    }

    /// <summary>Gives a file or directory another name, in one step, and never by copying: rename(2).</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    internal static void Rename(string path, string newPath)
    {
        fixed (byte* from = Bytes(path), to = Bytes(newPath))
        {
            if (rename(from, to) != 0)
            {
                throw Failed(newPath, "rename", Marshal.GetLastPInvokeError());
            }
        }
    }

    /// <summary>Swaps two files or directories in one step: renameat2(2), RENAME_EXCHANGE.</summary>
    /// <returns>False if the C library, the kernel or the file system cannot.</returns>
    /// <exception cref="IOException">One of them is missing, or may not be renamed.</exception>
    internal static bool TryExchange(string first, string second)
    {
        fixed (byte* from = Bytes(first), to = Bytes(second))
        {
            try
            {
                if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameExchange) == 0)
                {
                    return true;
                }
            }
            catch (EntryPointNotFoundException)
            {
                // musl before 1.2.6.
                return false;
            }
        }

        var error = Marshal.GetLastPInvokeError();
        return error == EINVAL || error == ENOSYS ? false : throw Failed(second, "renameat2", error);
    }

    /// <summary>Opens a file to be locked, and creates it if need be: open(2), close-on-exec.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static SafeFileHandle OpenForLock(string path)
    {
        fixed (byte* bytes = Bytes(path))
        {
            var descriptor = open(bytes, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0b110_100_100);
            return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failed(path, "open", errno);
        }
    }

    /// <summary>Takes the lock on an open file if it is free: flock(2), LOCK_EX and LOCK_NB.</summary>
    internal static bool TryLockExclusively(SafeFileHandle file) => flock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Waits until the lock on an open file is ours: flock(2), LOCK_EX. Closing the file gives it back.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    internal static void LockExclusively(SafeFileHandle file)
    {
        while (flock(file, LockExclusive) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != EINTR)
            {
                throw new IOException($"flock: {new Win32Exception(error).Message}", error);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int rename(byte* from, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private static IOException Failed(string path, string call, int error) =>
        new($"{path}: {call}: {new Win32Exception(error).Message}", error);
}
