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
    private const int MaxAttempts = 10;
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
            if (!MarkerFile.IsUnfinished(found))
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

        SystemCalls.ChangeOpenMode(directory, DirectoryRemover.OwnerAll); // a script may have taken all permissions away
        List<string> unmarked = SystemCalls.Status(directory.Number, MarkerFile.NameBytes) is { IsRegular: false } ? [.. TakeBackMark()] : [];
        for (var attempt = 1; unmarked.Count == 0; attempt++)
        {
            var problems = DirectoryRemover.Empty(directory, MarkerFile.NameBytes);
            if (problems.Count > 0)
            {
                return [.. problems.Select(problem => Path + problem)];
            }

            var error = SystemCalls.Remove(directory.Number, MarkerFile.NameBytes, isDirectory: false);
            error = error == 0 || error == LibC.ENOENT ? place.Remove() : error;
            if (error == 0 || error == LibC.ENOENT)
            {
                return [];
            }

            if (error != LibC.ENOTEMPTY || attempt == MaxAttempts)
            {
                return [Path + ": " + DirectoryRemover.Describe(directory, MarkerFile.NameBytes, error), .. Remark()];
            }
        }

        return unmarked;
    }

    /// <summary>Takes the mark off, so that the directory is nobody's and stays.</summary>
    internal void Release() => _ = SystemCalls.Remove(directory.Number, MarkerFile.NameBytes, isDirectory: false);

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
        && SystemCalls.Status(directory.Number, MarkerFile.NameBytes) is { } named && named.IsSameFile(SystemCalls.Status(marker));

    // Something else was put in the place of the marker: it is contents, under another name, and the directory is marked again.
    private IEnumerable<string> TakeBackMark()
    {
        var error = SystemCalls.RenameToFree(directory, MarkerFile.NameBytes, SystemCalls.Encode($"displaced.{RunId.Create()}"));
        return error == 0 ? Remark() : [$"{Path}/{MarkerFile.Name}: {DirectoryRemover.Describe(directory, MarkerFile.NameBytes, error)}"];
    }

    // What is left must still be known for ours when somebody sweeps.
    private IEnumerable<string> Remark()
    {
        try
        {
            MarkerFile.Write(directory, Run)?.Dispose();
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
            if ((refusal ?? (marked is { IsCopy: true } ? $"its {MarkerFile.Name} file was written for another directory; name a new or an empty one" : null)) is { } reason)
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
                if (name.SequenceEqual(MarkerFile.NameBytes) && MarkerFile.IsIn(directory))
                {
                    return null;
                }

                if (!MarkerFile.IsUnfinished(name))
                {
                    throw new WorkDirectoryRefusedException(
                        place.Path,
                        $"it is not empty and has no {MarkerFile.Name} file; name a new or an empty directory, since everything in a work directory is removed");
                }
            }

            if (MarkerFile.Write(directory, run) is not { } marker)
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

    private static ClaimedDirectory? OpenMarked(DirectoryPlace place, out string? refusal)
    {
        var directory = place.Open(out refusal);
        var marker = directory is null ? null : MarkerFile.Open(directory);
        if (marker is not null && MarkerFile.Read(marker) is { } content)
        {
            return new(place, directory!, marker, content);
        }

        marker?.Dispose();
        directory?.Dispose();
        return null;
    }
}
