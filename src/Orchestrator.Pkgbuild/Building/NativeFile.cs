using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Pkgbuild;

/// <summary>What package builds need of the file system and .NET does not have: on each system by its own calls.</summary>
internal static class NativeFile
{
    /// <summary>A file's own status, symbolic links not followed.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be reached.</exception>
    internal static FileStatus Status(string path) => OperatingSystem.IsWindows() ? WindowsFile.Status(path) : LinuxFile.Status(path);

    /// <summary>Whether the user may write into a directory.</summary>
    internal static bool IsWritableDirectory(string path) =>
        OperatingSystem.IsWindows() ? WindowsFile.IsWritableDirectory(path) : LinuxFile.IsWritableDirectory(path);

    /// <summary>Whether the user may execute a file.</summary>
    internal static bool IsExecutable(string path) => OperatingSystem.IsWindows() ? WindowsFile.IsExecutable(path) : LinuxFile.IsExecutable(path);

    /// <summary>Sets permissions, as far as the system has them.</summary>
    /// <exception cref="IOException">They cannot be set.</exception>
    internal static void SetMode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.SetMode(path, mode);
        }
        else
        {
            LinuxFile.SetMode(path, mode);
        }
    }

    /// <summary>Gives a file the owner and permissions of another one, as far as the system has them and the user may.</summary>
    /// <exception cref="IOException">One of them is not there, or permissions cannot be set.</exception>
    internal static void CopyOwnerAndMode(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.CopyOwnerAndMode(from, to);
        }
        else
        {
            LinuxFile.CopyOwnerAndMode(from, to);
        }
    }

    /// <summary>Another name for a file, symbolic links not followed.</summary>
    /// <exception cref="IOException">It cannot be linked.</exception>
    internal static void Link(string existing, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.Link(existing, path);
        }
        else
        {
            LinuxFile.Link(existing, path);
        }
    }

    /// <summary>Has a file under another name, too, for reading: by a symbolic link, where every user may make one.</summary>
    /// <exception cref="IOException">It cannot be had there.</exception>
    internal static void Place(string existing, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.Place(existing, path);
        }
        else
        {
            File.CreateSymbolicLink(path, existing);
        }
    }

    /// <summary>What a symbolic link holds, with slashes between its parts.</summary>
    internal static string LinkTarget(string path)
    {
        var target = new FileInfo(path).LinkTarget!;
        return OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
    }

    /// <summary>Removes a folder with all that is in it. No link is followed.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    internal static void RemoveTree(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.MakeRemovable(path);
        }

        Directory.Delete(path, recursive: true);
    }

    /// <summary>Removes a file, or a link itself.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    internal static void Remove(FileSystemInfo file)
    {
        if (OperatingSystem.IsWindows())
        {
            file.Attributes &= ~FileAttributes.ReadOnly; // what has it cannot be removed
        }

        file.Delete();
    }

    /// <summary>Whether a file in one folder can get a name in another without being copied.</summary>
    internal static bool CanRename(string fromFolder, string toFolder) =>
        OperatingSystem.IsWindows() ? WindowsFile.CanRename(fromFolder, toFolder) : LinuxFile.CanRename(fromFolder, toFolder);

    /// <summary>Gives a file or directory another name, in one step, and never by copying. A file that has the name is replaced.</summary>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    internal static void Rename(string path, string newPath)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.Rename(path, newPath);
        }
        else
        {
            LinuxFile.Rename(path, newPath);
        }
    }

    /// <summary>Swaps two files or directories in one step.</summary>
    /// <returns>False if the system or the file system cannot.</returns>
    /// <exception cref="IOException">One of them is missing, or may not be renamed.</exception>
    internal static bool TryExchange(string first, string second) => !OperatingSystem.IsWindows() && LinuxFile.TryExchange(first, second);

    /// <summary>Opens a file to be locked, and creates it if need be; what we start does not get it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static SafeFileHandle OpenForLock(string path) => OperatingSystem.IsWindows() ? WindowsFile.OpenForLock(path) : LinuxFile.OpenForLock(path);

    /// <summary>Takes the lock on an open file if it is free.</summary>
    internal static bool TryLockExclusively(SafeFileHandle file) =>
        OperatingSystem.IsWindows() ? WindowsFile.TryLockExclusively(file) : LinuxFile.TryLockExclusively(file);

    /// <summary>Waits until the lock on an open file is ours. Closing the file gives it back.</summary>
    /// <exception cref="IOException">The file system has no locks.</exception>
    internal static void LockExclusively(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsFile.LockExclusively(file);
        }
        else
        {
            LinuxFile.LockExclusively(file);
        }
    }
}
