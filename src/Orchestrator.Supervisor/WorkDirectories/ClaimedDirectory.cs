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
    private const string Heading = "This directory belongs to a run of Orchestrator and is removed with it.\nrun: ";
    private static readonly byte[] MarkerBytes = SystemCalls.Encode(MarkerName);
    private readonly FileDescriptor directory;
    private readonly FileDescriptor marker;

    private ClaimedDirectory(string path, FileDescriptor directory, FileDescriptor marker, string run) =>
        (Path, this.directory, this.marker, Run) = (path, directory, marker, run);

    /// <summary>Its full path.</summary>
    internal string Path { get; }

    /// <summary>The run that made it: what <c>ORCHESTRATOR_RUN</c> holds in each of its processes.</summary>
    internal string Run { get; }

    /// <summary>
    /// Holds a directory shared. It is made if it does not exist; an empty one is marked; any other must be marked
    /// already, so that nothing of anybody else's is ever removed.
    /// </summary>
    /// <exception cref="WorkDirectoryRefusedException">It is not ours to remove, or it cannot be used.</exception>
    internal static ClaimedDirectory Claim(string path, string run)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        RefusePlacesOfOthers(path);
        try
        {
            // Others may be removing it, or making it for themselves, at this moment: then the next try finds what they left.
            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                _ = SystemCalls.TryMakeDirectory(path);
                if (Open(path, run) is { } claimed)
                {
                    return claimed;
                }
            }

            throw new WorkDirectoryRefusedException(path, "another process is removing it");
        }
        catch (LinuxException exception)
        {
            throw new WorkDirectoryRefusedException(path, exception.Message);
        }
    }

    /// <summary>Holds a directory exclusively, to sweep it. Null if it is not marked, or if somebody uses it.</summary>
    internal static ClaimedDirectory? TryTakeOver(string path)
    {
        var opened = OpenMarked(path);
        if (opened is null)
        {
            return null;
        }

        if (SystemCalls.TryLock(opened.marker, exclusive: true))
        {
            return opened;
        }

        opened.Dispose();
        return null;
    }

    /// <summary>Removes a directory that a process was killed in the middle of marking: one that holds nothing else.</summary>
    internal static void RemoveUnfinished(string path)
    {
        using var directory = OpenOwn(path);
        var unfinished = new List<byte[]>();
        var reader = directory is null ? null : new DirectoryReader(directory);
        while (reader?.Next(out var name, out _) == true)
        {
            if (name.SequenceEqual(MarkerBytes) || !name.StartsWith(MarkerBytes.AsSpan(0, MarkerBytes.Length - 1)))
            {
                return;
            }

            unfinished.Add(name.ToArray());
        }

        unfinished.ForEach(name => SystemCalls.Remove(directory!.Number, name, isDirectory: false));
        _ = SystemCalls.Remove(LibC.AT_FDCWD, SystemCalls.Encode(path), isDirectory: true);
    }

    /// <summary>Waits until nobody else holds the directory. Blocks: for a thread of its own.</summary>
    internal void LockExclusively() => SystemCalls.LockExclusively(marker);

    /// <summary>Whether nobody else holds the directory; from then on nobody can.</summary>
    internal bool TryLockExclusively() => SystemCalls.TryLock(marker, exclusive: true);

    /// <summary>Removes the directory with all that is in it; the marker goes last, so that a sweep can finish what is cut off.</summary>
    /// <returns>What could not be removed and why; empty if it is gone.</returns>
    internal IReadOnlyList<string> Remove()
    {
        switch (SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(Path)))
        {
            case null:
                return []; // another holder was first
            case { } now when !now.IsSameFile(SystemCalls.Status(directory)):
                return [$"{Path}: it was replaced by something else"];
        }

        var problems = DirectoryRemover.Empty(directory, MarkerBytes);
        if (problems.Count > 0)
        {
            return [.. problems.Select(problem => Path + problem)];
        }

        var error = SystemCalls.Remove(directory.Number, MarkerBytes, isDirectory: false);
        if (error == 0 || error == LibC.ENOENT)
        {
            error = SystemCalls.Remove(LibC.AT_FDCWD, SystemCalls.Encode(Path), isDirectory: true);
        }

        return error == 0 || error == LibC.ENOENT ? [] : [$"{Path}: {LinuxException.Describe(error)}"];
    }

    /// <summary>Takes the mark off, so that the directory is nobody's and stays.</summary>
    internal void Release() => _ = SystemCalls.Remove(directory.Number, MarkerBytes, isDirectory: false);

    public void Dispose()
    {
        marker.Dispose();
        directory.Dispose();
    }

    // Null if another process changed it meanwhile: try again.
    private static ClaimedDirectory? Open(string path, string run)
    {
        if (OpenMarked(path) is not { } marked)
        {
            Mark(path, run);
            return null;
        }

        // Who swept or removed it between our opening and our locking has left us a directory without a name.
        if (SystemCalls.TryLock(marked.marker, exclusive: false)
            && SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path)) is { } now && now.IsSameFile(SystemCalls.Status(marked.directory))
            && SystemCalls.Status(marked.directory.Number, MarkerBytes) is { } named && named.IsSameFile(SystemCalls.Status(marked.marker)))
        {
            return marked;
        }

        marked.Dispose();
        return null;
    }

    private static void Mark(string path, string run)
    {
        using var directory = OpenOwn(path);
        if (directory is null)
        {
            return;
        }

        var reader = new DirectoryReader(directory);
        while (reader.Next(out var name, out _))
        {
            if (!name.StartsWith(MarkerBytes.AsSpan(0, MarkerBytes.Length - 1)))
            {
                throw new WorkDirectoryRefusedException(
                    path,
                    $"it is not empty and has no {MarkerName} file; name a new or an empty directory, since everything in a work directory is removed");
            }
        }

        // Under another name first: a marker that others can see is complete. And by link(2), which replaces nothing: of
        // two that come at one moment the second joins the first.
        var temporary = SystemCalls.Encode($"{MarkerName}.{Environment.ProcessId}");
        _ = SystemCalls.Remove(directory.Number, temporary, isDirectory: false);
        using (var file = SystemCalls.OpenAt(directory.Number, temporary, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_EXCL | LibC.O_NOFOLLOW, 0x180))
        {
            var text = Encoding.UTF8.GetBytes($"{Heading}{run}\n");
            if (file is null)
            {
                return; // the directory is gone
            }

            if (SystemCalls.Write(file, text) != text.Length)
            {
                _ = SystemCalls.Remove(directory.Number, temporary, isDirectory: false);
                throw new WorkDirectoryRefusedException(path, "its marker could not be written: is the disk full?");
            }
        }

        _ = SystemCalls.Link(directory.Number, temporary, MarkerBytes);
        _ = SystemCalls.Remove(directory.Number, temporary, isDirectory: false);
    }

    private static ClaimedDirectory? OpenMarked(string path)
    {
        var directory = OpenOwn(path);
        if (directory is null)
        {
            return null;
        }

        var marker = SystemCalls.OpenAt(directory.Number, MarkerBytes, LibC.O_RDWR | LibC.O_NOFOLLOW);
        var text = new byte[4096];
        var length = marker is null ? 0 : SystemCalls.Read(marker, text);
        var content = Encoding.UTF8.GetString(text.AsSpan()[..Math.Max(0, length)]);
        if (marker is not null && SystemCalls.Status(marker).IsRegular && content.StartsWith(Heading, StringComparison.Ordinal)
            && content[Heading.Length..].TrimEnd() is var run && run.Split('/').All(part => RunId.IsValid(part)))
        {
            return new(path, directory, marker, run);
        }

        marker?.Dispose();
        directory.Dispose();
        return null;
    }

    private static FileDescriptor? OpenOwn(string path)
    {
        if (SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path)) is not { } status)
        {
            return null;
        }

        if (!status.IsDirectory)
        {
            throw new WorkDirectoryRefusedException(path, status.IsSymbolicLink ? "it is a symbolic link" : "it is not a directory");
        }

        if (status.Owner != SystemCalls.EffectiveUser())
        {
            throw new WorkDirectoryRefusedException(path, $"it belongs to another user (uid {status.Owner})");
        }

        return SystemCalls.Open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
    }

    private static void RefusePlacesOfOthers(string path)
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        var current = Environment.CurrentDirectory;
        if (path.Length <= 1)
        {
            throw new WorkDirectoryRefusedException(path, "it is the root of the file system");
        }

        if (IsOrHolds(path, home) || IsOrHolds(path, current))
        {
            throw new WorkDirectoryRefusedException(path, "it is, or holds, your home or the current directory, which would be removed with it");
        }
    }

    private static bool IsOrHolds(string path, string? other) =>
        !string.IsNullOrEmpty(other)
        && (other + "/").StartsWith(path + "/", StringComparison.Ordinal);
}
