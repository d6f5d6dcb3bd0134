using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Pkgbuild;

/// <summary>What <see cref="LinuxFile"/> is, on Windows. Permissions are those that programs of MSYS2 see, without its ACLs.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsFile
{
    private const UnixFileMode EveryoneReads = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode EveryoneExecutes = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const uint ReadAttributes = 0x80; // FILE_READ_ATTRIBUTES
    private const uint AddFile = 0x2 | 0x4; // FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY
    private const uint ShareAll = 7; // FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_SHARE_DELETE
    private const uint OpenExisting = 3; // OPEN_EXISTING
    private const uint BackupSemantics = 0x02000000; // FILE_FLAG_BACKUP_SEMANTICS: the only way to open a directory
    private const uint OpenLink = 0x00200000; // FILE_FLAG_OPEN_REPARSE_POINT: the link itself
    private const uint ReplaceExisting = 1; // MOVEFILE_REPLACE_EXISTING; without MOVEFILE_COPY_ALLOWED
    private const uint FailImmediately = 1; // LOCKFILE_FAIL_IMMEDIATELY
    private const uint Exclusive = 2; // LOCKFILE_EXCLUSIVE_LOCK
    private const int MaxShortPath = 259; // MAX_PATH without the closing zero

    // A virus scanner or an indexer has what is new open for a moment, and says so to nobody; nor can its end be waited for.
    private const int RetryEvery = 20; // ms
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static FileStatus Status(string path)
    {
        using var file = Kernel32.CreateFile(Native(path), ReadAttributes, ShareAll, 0, OpenExisting, BackupSemantics | OpenLink, 0);
        if (file.IsInvalid || !Kernel32.GetFileInformationByHandle(file, out var information))
        {
            throw Failed(path, "CreateFile", Marshal.GetLastPInvokeError());
        }

        var attributes = (FileAttributes)information.Attributes;
        var isDirectory = attributes.HasFlag(FileAttributes.Directory);

        // A reparse point that is no link, such as a file that a cloud keeps, is what it looks like.
        var type = attributes.HasFlag(FileAttributes.ReparsePoint) && new FileInfo(path).LinkTarget is not null ? FileStatus.SymbolicLink
            : isDirectory ? FileStatus.Directory
            : FileStatus.Regular;
        return new(
            information.Volume,
            ((ulong)information.IndexHigh << 32) | information.IndexLow,
            information.Links,
            type,
            Mode(path, type, isReadOnly: attributes.HasFlag(FileAttributes.ReadOnly)));
    }

    internal static bool IsWritableDirectory(string path)
    {
        // To ask for the right is the one way to learn of it: no attribute tells.
        using var directory = Kernel32.CreateFile(Native(path), AddFile, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        return !directory.IsInvalid;
    }

    internal static bool IsExecutable(string path) => Path.GetExtension(path).ToUpperInvariant() is ".EXE" or ".COM" or ".BAT" or ".CMD" || StartsAsProgram(path);

    /// <summary>Sets or takes away the read-only attribute of a file. Of a directory it means something else, and nothing is left to set.</summary>
    /// <exception cref="IOException">It cannot be set.</exception>
    internal static void SetMode(string path, UnixFileMode mode)
    {
        var attributes = File.GetAttributes(path);
        if (attributes.HasFlag(FileAttributes.Directory))
        {
            return;
        }

        var wanted = mode.HasFlag(UnixFileMode.UserWrite) ? attributes & ~FileAttributes.ReadOnly : attributes | FileAttributes.ReadOnly;
        if (wanted != attributes)
        {
            File.SetAttributes(path, wanted);
        }
    }

    /// <summary>Gives a file the read-only attribute of another one. What it inherits from its folder is its owner's and access list's affair.</summary>
    /// <exception cref="IOException">It cannot be set.</exception>
    internal static void CopyOwnerAndMode(string from, string to) =>
        SetMode(to, File.GetAttributes(from).HasFlag(FileAttributes.ReadOnly) ? UnixFileMode.UserRead : UnixFileMode.UserRead | UnixFileMode.UserWrite);

    internal static void Link(string existing, string path)
    {
        if (!Kernel32.CreateHardLink(Native(path), Native(existing), 0))
        {
            throw Failed(path, "CreateHardLink", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Copies a file: to make symbolic links is a privilege, and <c>ln -s</c> of MSYS2 copies, too.</summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    internal static void Place(string existing, string path)
    {
        File.Copy(existing, path);
        SetMode(path, UnixFileMode.UserWrite);
    }

    /// <summary>Takes the read-only attribute away from all that is in a folder: what has it cannot be removed.</summary>
    /// <exception cref="IOException">One cannot be changed.</exception>
    internal static void MakeRemovable(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            entry.Attributes &= ~FileAttributes.ReadOnly;
            if (entry is DirectoryInfo && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                MakeRemovable(entry.FullName);
            }
        }
    }

    internal static bool CanRename(string fromFolder, string toFolder) => Status(fromFolder).Device == Status(toFolder).Device;

    internal static void Rename(string path, string newPath)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!Kernel32.MoveFileEx(Native(path), Native(newPath), ReplaceExisting))
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is not (Kernel32.AccessDenied or Kernel32.SharingViolation) || Environment.TickCount64 > deadline)
            {
                throw Failed(newPath, "MoveFileEx", error);
            }

            // Windows tells nobody when somebody else closes a file.
            Thread.Sleep(RetryEvery);
        }
    }

    internal static SafeFileHandle OpenForLock(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    internal static bool TryLockExclusively(SafeFileHandle file) => Lock(file, FailImmediately | Exclusive);

    internal static void LockExclusively(SafeFileHandle file)
    {
        if (!Lock(file, Exclusive))
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"LockFileEx: {new Win32Exception(error).Message}", error);
        }
    }

    private static unsafe bool Lock(SafeFileHandle file, uint flags)
    {
        NativeOverlapped beginning = default;
        return Kernel32.LockFileEx(file, flags, 0, 1, 0, &beginning);
    }

    private static UnixFileMode Mode(string path, uint type, bool isReadOnly) => type switch
    {
        FileStatus.Regular => EveryoneReads | (isReadOnly ? UnixFileMode.None : UnixFileMode.UserWrite) | (IsExecutable(path) ? EveryoneExecutes : UnixFileMode.None),
        FileStatus.Directory => EveryoneReads | UnixFileMode.UserWrite | EveryoneExecutes,
        _ => EveryoneReads | EveryoneExecutes | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite,
    };

    // As MSYS2 and Cygwin tell where they look at no access lists (mount option noacl): fhandler_disk_file.cc, has_exec_chars.
    private static bool StartsAsProgram(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> beginning = stackalloc byte[2];
            return file.ReadAtLeast(beginning, 2, throwOnEndOfStream: false) == 2 && (beginning.SequenceEqual("#!"u8) || beginning.SequenceEqual("MZ"u8));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // what cannot be read cannot be run
        }
    }

    // The calls themselves know no longer paths, but in the form in which nothing is rewritten.
    private static string Native(string path)
    {
        var full = Path.GetFullPath(path);
        return full.Length <= MaxShortPath - 12 ? full // a directory needs room for a name of 8.3
            : full.StartsWith(@"\\?\", StringComparison.Ordinal) ? full
            : full.StartsWith(@"\\", StringComparison.Ordinal) ? @"\\?\UNC\" + full[2..]
            : @"\\?\" + full;
    }

    private static IOException Failed(string path, string call, int error) =>
        new($"{path}: {call}: {new Win32Exception(error).Message}", error);
}
