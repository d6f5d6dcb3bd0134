using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>
/// Where a work directory is, or is to be: a name in a directory that stays open, so that whoever renames or links
/// something above it meanwhile cannot make us remove anything else.
/// </summary>
internal sealed class DirectoryPlace : IDisposable
{
    private const int OwnerAll = 0x1C0; // u=rwx
    private const string PlaceOfOthers = "it is, or holds, your home or the current directory, which would be removed with it";
    private readonly FileDescriptor parent;
    private readonly byte[] name;
    private readonly bool isBelowRoot;

    private DirectoryPlace(string path, FileDescriptor parent, byte[] name, bool isBelowRoot) =>
        (Path, this.parent, this.name, this.isBelowRoot) = (path, parent, name, isBelowRoot);

    /// <summary>The full path.</summary>
    internal string Path { get; }

    /// <summary>From a path that a user gave; its parent must exist.</summary>
    /// <exception cref="WorkDirectoryRefusedException">It is no place for a work directory.</exception>
    /// <exception cref="LinuxException">Its parent cannot be opened.</exception>
    internal static DirectoryPlace Open(string path)
    {
        string full;
        try
        {
            full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new WorkDirectoryRefusedException(path, exception.Message); // the current directory is gone, for example
        }

        if (full.Length <= 1)
        {
            throw new WorkDirectoryRefusedException(full, "it is the root of the file system");
        }

        if ((Environment.GetEnvironmentVariable("HOME") + "/").StartsWith(full + "/", StringComparison.Ordinal))
        {
            throw new WorkDirectoryRefusedException(full, PlaceOfOthers); // it need not exist yet
        }

        var parent = SystemCalls.Open(System.IO.Path.GetDirectoryName(full)!, LibC.O_PATH | LibC.O_DIRECTORY) ?? throw new LinuxException("open", LibC.ENOENT);
        return new(full, parent, SystemCalls.Encode(System.IO.Path.GetFileName(full)), isBelowRoot: false);
    }

    /// <summary>A name in a work root, which stays its opener's to close.</summary>
    internal static DirectoryPlace Below(FileDescriptor root, string rootPath, byte[] name) =>
        new($"{rootPath}/{Printable.Text(name.AsSpan()[..^1])}", new(root.Number, owned: false), name, isBelowRoot: true);

    /// <summary>The path of a directory that was in a work root; null if that is gone.</summary>
    internal static DirectoryPlace? OfMade(string path) =>
        SystemCalls.Open(System.IO.Path.GetDirectoryName(path)!, LibC.O_PATH | LibC.O_DIRECTORY) is { } root
            ? new(path, root, SystemCalls.Encode(System.IO.Path.GetFileName(path)), isBelowRoot: true)
            : null;

    /// <summary>Makes the directory, for us alone.</summary>
    /// <returns>False if the name is taken.</returns>
    internal bool TryMake() => SystemCalls.TryMakeDirectory(parent, name);

    /// <summary>What has the name now, not following a link; null if nothing has.</summary>
    internal FileStatus? Status() => SystemCalls.Status(parent.Number, name);

    /// <summary>Removes the directory, if it is empty.</summary>
    /// <returns>0, or the error number.</returns>
    internal int Remove() => SystemCalls.Remove(parent.Number, name, isDirectory: true);

    /// <summary>Opens the directory for reading, if it is one and ours. Looked at after it is open: a name can be given to something else at any moment.</summary>
    /// <param name="refusal">Why it is not opened; null with no descriptor if there is nothing.</param>
    internal FileDescriptor? Open(out string? refusal)
    {
        var error = Open(LibC.O_RDONLY, out var directory);
        if (error == LibC.EACCES)
        {
            error = MakeReadable() ? Open(LibC.O_RDONLY, out directory) : error;
        }

        refusal = error == LibC.ENOENT ? null
            : directory is not null ? Refusal(SystemCalls.Status(directory))
            : (Status() is { } status ? Refusal(status) : null) ?? (error == LibC.EXDEV ? "a file system is mounted there" : LinuxException.Describe(error));
        if (refusal is null)
        {
            return directory;
        }

        directory?.Dispose();
        return null;
    }

    /// <exception cref="WorkDirectoryRefusedException">The home or the current directory is in it, by whatever path.</exception>
    internal void RefusePlaceOfOthers(FileDescriptor directory)
    {
        var own = SystemCalls.Status(directory);
        if (IsOrHolds(own, Environment.GetEnvironmentVariable("HOME")) || IsOrHolds(own, "."))
        {
            throw new WorkDirectoryRefusedException(Path, PlaceOfOthers);
        }
    }

    public void Dispose() => parent.Dispose();

    private static string? Refusal(FileStatus status) =>
        status.IsSymbolicLink ? "it is a symbolic link"
        : !status.IsDirectory ? "it is not a directory"
        : status.Owner != SystemCalls.EffectiveUser() ? $"it belongs to another user (uid {status.Owner})"
        : null;

    private static bool IsOrHolds(FileStatus directory, string? other)
    {
        try
        {
            var at = string.IsNullOrEmpty(other) ? null : SystemCalls.Open(other, LibC.O_PATH | LibC.O_DIRECTORY);
            while (at is not null)
            {
                using var below = at;
                var status = SystemCalls.Status(below);
                if (status.IsSameFile(directory))
                {
                    return true;
                }

                at = SystemCalls.OpenAt(below.Number, "..\0"u8, LibC.O_PATH | LibC.O_DIRECTORY);
                if (at is not null && SystemCalls.Status(at).IsSameFile(status))
                {
                    at.Dispose(); // the root
                    return false;
                }
            }

            return false;
        }
        catch (LinuxException)
        {
            return false; // what we may not look into holds nothing that we could remove
        }
    }

    // What a work root holds is never a mount; a directory that a user names may be one.
    private int Open(int flags, out FileDescriptor? opened)
    {
        if (isBelowRoot)
        {
            return SystemCalls.OpenDirectoryBelow(parent, name, flags, out opened);
        }

        opened = null;
        try
        {
            opened = SystemCalls.OpenAt(parent.Number, name, flags | LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
            return opened is null ? LibC.ENOENT : 0;
        }
        catch (LinuxException exception)
        {
            return exception.Error;
        }
    }

    // A script that takes all permissions away may have begun with the directory itself. One that has no marker is not
    // changed: it is not ours.
    private bool MakeReadable()
    {
        if (Open(LibC.O_PATH, out var handle) != 0)
        {
            return false;
        }

        using (handle)
        {
            var before = SystemCalls.Status(handle!);
            if (Refusal(before) is not null)
            {
                return false;
            }

            SystemCalls.ChangeMode(handle!, OwnerAll);
            if (SystemCalls.Status(handle!.Number, MarkerFile.NameBytes) is not null)
            {
                return true;
            }

            SystemCalls.ChangeMode(handle, (int)(before.Mode & 0xFFF));
            return false;
        }
    }
}
