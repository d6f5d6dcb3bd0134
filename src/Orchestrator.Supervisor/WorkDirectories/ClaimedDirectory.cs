using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>
/// A work directory that we hold. Its marker file names the run that it belongs to and is also its lock: who uses the
/// directory holds it shared, who removes it exclusively, and the kernel drops the lock of whoever is killed.
/// </summary>
internal sealed class ClaimedDirectory : IDisposable
{
    /// <summary>Name of the marker. Not CACHEDIR.TAG, which cargo writes too.</summary>
    internal const string MarkerName = ".orchestrator-work";

    private const int MaxAttempts = 10;
    private const int OwnerReadWrite = 0x180; // u=rw
    private static readonly byte[] MarkerBytes = SystemCalls.Encode(MarkerName);
    private readonly DirectoryPlace place;
    private readonly FileDescriptor directory;
    private readonly FileDescriptor marker;

    private ClaimedDirectory(DirectoryPlace place, FileDescriptor directory, FileDescriptor marker, WorkMarker content) =>
        (this.place, this.directory, this.marker, Run, IsCopy) =
        (place, directory, marker, content.Run, content.Directory != SystemCalls.Status(directory).Inode);

    /// <summary>Its full path.</summary>
    internal string Path => place.Path;

    /// <summary>The run that made it: what <c>ORCHESTRATOR_RUN</c> holds in each of its processes.</summary>
    internal string Run { get; }

    /// <summary>Whether its marker was written for another directory: the run that it names is none of this one's.</summary>
    internal bool IsCopy { get; }

    /// <summary>
    /// Holds a directory shared. It is made if it does not exist; an empty one is marked; any other must be marked
    /// already, so that nothing of anybody else's is ever removed.
    /// </summary>
    /// <exception cref="WorkDirectoryRefusedException">It is not ours to remove, or it cannot be used.</exception>
    internal static ClaimedDirectory Claim(string path, string run)
    {
        DirectoryPlace? place = null;
        var made = false;
        try
        {
            place = DirectoryPlace.Open(path);

            // Others may be removing it, or making it for themselves, at this moment: then the next try finds what they left.
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                made |= place.TryMake();
                if ((Join(place) ?? Mark(place, run)) is { } claimed)
                {
                    place = null;
                    return claimed;
                }
            }

            throw new WorkDirectoryRefusedException(path, "another process is removing it");
        }
        catch (LinuxException exception)
        {
            throw new WorkDirectoryRefusedException(path, exception.Message);
        }
        finally
        {
            if (made)
            {
                _ = place?.Remove(); // which takes an empty one only
            }

            place?.Dispose();
        }
    }

    /// <summary>Holds a directory in a work root exclusively, to sweep it. Null if it is not ours, or if somebody uses it.</summary>
    /// <param name="root">The work root.</param>
    /// <param name="rootPath">Its path.</param>
    /// <param name="name">The name in it, with its closing zero.</param>
    /// <param name="refusal">Why it cannot be opened; null for what is not ours.</param>
    internal static ClaimedDirectory? TryTakeOver(FileDescriptor root, string rootPath, byte[] name, out string? refusal) =>
        TryTakeOver(DirectoryPlace.Below(root, rootPath, name), out refusal);

    /// <summary>The same for one that we made ourselves, by its path.</summary>
    internal static ClaimedDirectory? TryTakeOver(string path) =>
        DirectoryPlace.OfMade(path) is { } place ? TryTakeOver(place, out _) : null;

    /// <summary>The run of a directory that somebody uses; null if nobody does, or if it is not ours.</summary>
    internal static string? RunInUse(FileDescriptor root, string rootPath, byte[] name)
    {
        using var opened = OpenMarked(DirectoryPlace.Below(root, rootPath, name), out _);
        return opened is { IsCopy: false } && !SystemCalls.TryLock(opened.marker, exclusive: true) ? opened.Run : null;
    }

    /// <summary>Removes a directory that a process was killed in the middle of marking: one that holds nothing else.</summary>
    internal static void RemoveUnfinished(FileDescriptor root, string rootPath, byte[] name)
    {
        using var place = DirectoryPlace.Below(root, rootPath, name);
        using var directory = place.Open(out _);
        var unfinished = new List<byte[]>();
        var reader = directory is null ? null : new DirectoryReader(directory);
        while (reader?.Next(out var found, out _) == true)
        {
            if (!IsUnfinishedMarker(found))
            {
                return;
            }

            unfinished.Add(found.ToArray());
        }

        unfinished.ForEach(found => SystemCalls.Remove(directory!.Number, found, isDirectory: false));
        _ = place.Remove();
    }

    /// <summary>Waits until nobody else holds the directory. Blocks: for a thread of its own.</summary>
    internal void LockExclusively() => SystemCalls.LockExclusively(marker);

    /// <summary>Whether nobody else holds the directory; from then on nobody can.</summary>
    internal bool TryLockExclusively() => SystemCalls.TryLock(marker, exclusive: true);

    /// <summary>Removes the directory with all that is in it; the marker goes last, so that a sweep can finish what is cut off.</summary>
    /// <returns>What could not be removed and why; empty if it is gone.</returns>
    internal IReadOnlyList<string> Remove()
    {
        var own = SystemCalls.Status(directory);
        switch (place.Status())
        {
            case null when own.Links == 0:
                return []; // another holder was first
            case null:
                return [$"{Path}: it was moved away"];
            case { } now when !now.IsSameFile(own):
                return [$"{Path}: it was replaced by something else"];
        }

        for (var attempt = 1; ; attempt++)
        {
            var problems = DirectoryRemover.Empty(directory, MarkerBytes);
            if (problems.Count > 0)
            {
                return [.. problems.Select(problem => Path + problem)];
            }

            var error = SystemCalls.Remove(directory.Number, MarkerBytes, isDirectory: false);
            error = error == 0 || error == LibC.ENOENT ? place.Remove() : error;
            if (error == 0 || error == LibC.ENOENT)
            {
                return [];
            }

            if (error != LibC.ENOTEMPTY || attempt == MaxAttempts)
            {
                return [Path + ": " + DirectoryRemover.Describe(directory, MarkerBytes, error), .. Remark()];
            }
        }
    }

    /// <summary>Takes the mark off, so that the directory is nobody's and stays.</summary>
    internal void Release() => _ = SystemCalls.Remove(directory.Number, MarkerBytes, isDirectory: false);

    public void Dispose()
    {
        Close();
        place.Dispose();
    }

    private void Close()
    {
        marker.Dispose();
        directory.Dispose();
    }

    private static ClaimedDirectory? TryTakeOver(DirectoryPlace place, out string? refusal)
    {
        var opened = OpenMarked(place, out refusal);

        // Another sweep may have removed it between our opening and our locking.
        if (opened is not null && SystemCalls.TryLock(opened.marker, exclusive: true) && opened.IsCurrent)
        {
            return opened;
        }

        opened?.Close();
        place.Dispose();
        return null;
    }

    // Whether the directory and its marker are what their names say: who removed them between our opening and our locking
    // has left us a directory without a name.
    private bool IsCurrent =>
        place.Status() is { } now && now.IsSameFile(SystemCalls.Status(directory))
        && SystemCalls.Status(directory.Number, MarkerBytes) is { } named && named.IsSameFile(SystemCalls.Status(marker));

    // What is left must still be known for ours when somebody sweeps.
    private IEnumerable<string> Remark()
    {
        try
        {
            WriteMarker(directory, Run)?.Dispose();
            return [];
        }
        catch (LinuxException exception)
        {
            return [$"{Path}: {exception.Message}"];
        }
    }

    // Null if it is not marked, or if another process changes it meanwhile.
    private static ClaimedDirectory? Join(DirectoryPlace place)
    {
        var marked = OpenMarked(place, out var refusal);
        try
        {
            if ((refusal ?? (marked is { IsCopy: true } ? $"its {MarkerName} file was written for another directory; name a new or an empty one" : null)) is { } reason)
            {
                throw new WorkDirectoryRefusedException(place.Path, reason);
            }

            if (marked is not null && SystemCalls.TryLock(marked.marker, exclusive: false) && marked.IsCurrent)
            {
                place.RefusePlaceOfOthers(marked.directory);
                var joined = marked;
                marked = null;
                return joined;
            }

            return null;
        }
        finally
        {
            marked?.Close();
        }
    }

    // Null if another process is faster.
    private static ClaimedDirectory? Mark(DirectoryPlace place, string run)
    {
        var directory = place.Open(out var refusal);
        try
        {
            if (refusal is not null)
            {
                throw new WorkDirectoryRefusedException(place.Path, refusal);
            }

            if (directory is null)
            {
                return null;
            }

            place.RefusePlaceOfOthers(directory);
            var reader = new DirectoryReader(directory);
            while (reader.Next(out var name, out _))
            {
                if (name.SequenceEqual(MarkerBytes) && IsMarked(directory))
                {
                    return null;
                }

                if (!IsUnfinishedMarker(name))
                {
                    throw new WorkDirectoryRefusedException(
                        place.Path,
                        $"it is not empty and has no {MarkerName} file; name a new or an empty directory, since everything in a work directory is removed");
                }
            }

            if (WriteMarker(directory, run) is not { } marker)
            {
                return null;
            }

            var claimed = new ClaimedDirectory(place, directory, marker, new(run, SystemCalls.Status(directory).Inode));
            directory = null;
            return claimed;
        }
        finally
        {
            directory?.Dispose();
        }
    }

    // Under another name first, and locked: a marker that others can see is complete and held. And by link(2), which
    // replaces nothing: of two that come at one moment the second joins the first.
    // Null if another process was faster.
    private static FileDescriptor? WriteMarker(FileDescriptor directory, string run)
    {
        var temporary = SystemCalls.Encode($"{MarkerName}.{RunId.Create()}");
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
                throw new LinuxException($"its {MarkerName} file could not be written", LibC.ENOSPC);
            }

            // Or a power cut could leave it empty under its final name, and the directory unmarked for ever.
            SystemCalls.WriteBack(marker);
            _ = SystemCalls.TryLock(marker, exclusive: false);
            var error = SystemCalls.Link(directory.Number, temporary, MarkerBytes);
            if (error != 0 && error != LibC.EEXIST && error != LibC.ENOENT)
            {
                error = SystemCalls.RenameToFree(directory, temporary, MarkerBytes); // no hard links there (vfat)
            }

            linked = error == 0;
            return linked ? marker
                : error == LibC.EEXIST || error == LibC.ENOENT ? null
                : throw new LinuxException($"its {MarkerName} file could not be made", error);
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

    private static bool IsUnfinishedMarker(ReadOnlySpan<byte> name) =>
        name.Length > MarkerBytes.Length && name.StartsWith(MarkerBytes.AsSpan(0, MarkerBytes.Length - 1)) && name[MarkerBytes.Length - 1] == '.';

    private static bool IsMarked(FileDescriptor directory)
    {
        using var marker = OpenMarker(directory);
        return marker is not null && ReadMarker(marker) is not null;
    }

    private static ClaimedDirectory? OpenMarked(DirectoryPlace place, out string? refusal)
    {
        var directory = place.Open(out refusal);
        var marker = directory is null ? null : OpenMarker(directory);
        if (marker is not null && ReadMarker(marker) is { } content)
        {
            return new(place, directory!, marker, content);
        }

        marker?.Dispose();
        directory?.Dispose();
        return null;
    }

    private static WorkMarker? ReadMarker(FileDescriptor marker)
    {
        var text = new byte[WorkMarker.MaxLength];
        return SystemCalls.Read(marker, text) is > 0 and var length ? WorkMarker.Parse(text.AsSpan(0, length)) : null;
    }

    // A script may have made everything read-only, the marker too. What is no plain file of ours is not opened at all: a
    // FIFO would block, and to open a device can do anything.
    private static FileDescriptor? OpenMarker(FileDescriptor directory)
    {
        if (SystemCalls.Status(directory.Number, MarkerBytes) is not { IsRegular: true } status || status.Owner != SystemCalls.EffectiveUser())
        {
            return null;
        }

        var flags = LibC.O_NOFOLLOW | LibC.O_NONBLOCK | LibC.O_NOCTTY;
        try
        {
            return SystemCalls.OpenAt(directory.Number, MarkerBytes, LibC.O_RDWR | flags);
        }
        catch (LinuxException exception) when (exception.IsAccess)
        {
            // Enough for flock(2) everywhere but on NFS.
        }

        try
        {
            return SystemCalls.OpenAt(directory.Number, MarkerBytes, LibC.O_RDONLY | flags);
        }
        catch (LinuxException exception) when (exception.IsAccess && status.Links == 1)
        {
            using var handle = SystemCalls.OpenAt(directory.Number, MarkerBytes, LibC.O_PATH | LibC.O_NOFOLLOW);
            if (handle is not null && SystemCalls.Status(handle).IsSameFile(status))
            {
                SystemCalls.ChangeMode(handle, OwnerReadWrite);
            }

            return SystemCalls.OpenAt(directory.Number, MarkerBytes, LibC.O_RDONLY | flags);
        }
    }
}
