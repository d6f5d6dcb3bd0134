using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>The marker file of a work directory, which is also its lock; <see cref="WorkMarker"/> is what it says.</summary>
internal static class MarkerFile
{
    /// <summary>Its name. Not CACHEDIR.TAG, which cargo writes too.</summary>
    internal const string Name = ".orchestrator-work";

    private const int OwnerReadWrite = 0x180; // u=rw

    /// <summary>The name with its closing zero.</summary>
    internal static byte[] NameBytes { get; } = SystemCalls.Encode(Name);

    /// <summary>Marks a directory, and holds it shared. Null if another process was faster, or if the directory is gone.</summary>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    // Under another name first, and locked: a marker that others can see is complete and held. And by link(2), which
    // replaces nothing: of two that come at one moment the second joins the first.
    internal static FileDescriptor? Write(FileDescriptor directory, string run)
    {
        var temporary = SystemCalls.Encode($"{Name}.{RunId.Create()}");
        var marker = SystemCalls.OpenAt(directory.Number, temporary, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL | LibC.O_NOFOLLOW, OwnerReadWrite);
        if (marker is null)
        {
            return null; // the directory is gone
        }

        var linked = false;
        try
        {
            var text = new WorkMarker(run, SystemCalls.Status(directory).Inode).ToBytes();
            if (SystemCalls.Write(marker, text) != text.Length)
            {
                throw new LinuxException($"its {Name} file could not be written", LibC.ENOSPC);
            }

            // Or a power cut could leave it empty under its final name, and the directory unmarked for ever.
            SystemCalls.WriteBack(marker);
            _ = SystemCalls.TryLock(marker, exclusive: false);
            var error = SystemCalls.Link(directory.Number, temporary, NameBytes);
            if (error != 0 && error != LibC.EEXIST && error != LibC.ENOENT)
            {
                error = SystemCalls.RenameToFree(directory, temporary, NameBytes); // no hard links there (vfat)
            }

            linked = error == 0;
            return linked ? marker
                : error == LibC.EEXIST || error == LibC.ENOENT ? null
                : throw new LinuxException($"its {Name} file could not be made", error);
        }
        finally
        {
            _ = SystemCalls.Remove(directory.Number, temporary, isDirectory: false);
            if (!linked)
            {
                marker.Dispose();
            }
        }
    }

    /// <summary>Whether a name is that of a marker whose writer was killed before it had its own.</summary>
    internal static bool IsUnfinished(ReadOnlySpan<byte> name) =>
        name.Length > NameBytes.Length && name.StartsWith(NameBytes.AsSpan(0, NameBytes.Length - 1)) && name[NameBytes.Length - 1] == '.';

    /// <summary>Whether a directory has one that says what it must.</summary>
    internal static bool IsIn(FileDescriptor directory)
    {
        using var marker = Open(directory);
        return marker is not null && Read(marker) is not null;
    }

    /// <summary>What it says; null if it is none of ours.</summary>
    internal static WorkMarker? Read(FileDescriptor marker)
    {
        var text = new byte[WorkMarker.MaxLength];
        return SystemCalls.Read(marker, text) is > 0 and var length ? WorkMarker.Parse(text.AsSpan(0, length)) : null;
    }

    /// <summary>Opens it. Null if there is none, or something else in its place.</summary>
    // A script may have made everything read-only, the marker too. What is no plain file of ours is not opened at all: a
    // FIFO would block, and to open a device can do anything.
    internal static FileDescriptor? Open(FileDescriptor directory)
    {
        if (SystemCalls.Status(directory.Number, NameBytes) is not { IsRegular: true } status || status.Owner != SystemCalls.EffectiveUser())
        {
            return null;
        }

        var flags = LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_NOCTTY;
        try
        {
            return SystemCalls.OpenAt(directory.Number, NameBytes, LibC.O_RDWR | flags);
        }
        catch (LinuxException exception) when (exception.IsAccess)
        {
            // Enough for flock(2) everywhere but on NFS.
        }

        try
        {
            return SystemCalls.OpenAt(directory.Number, NameBytes, LibC.O_RDONLY | flags);
        }
        catch (LinuxException exception) when (exception.IsAccess && status.Links == 1)
        {
            using var handle = SystemCalls.OpenAt(directory.Number, NameBytes, LibC.O_PATH | LibC.O_NOFOLLOW);
            if (handle is not null && SystemCalls.Status(handle).IsSameFile(status))
            {
                SystemCalls.ChangeMode(handle, OwnerReadWrite);
            }

            return SystemCalls.OpenAt(directory.Number, NameBytes, LibC.O_RDONLY | flags);
        }
    }
}
