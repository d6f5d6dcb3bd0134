using System.Globalization;
using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor.WorkDirectories;

/// <summary>
/// Empties a directory whatever is in it: names of any bytes, read-only directories (a Go module cache), trees deeper
/// than PATH_MAX. Never follows a symbolic link and never enters a mount.
/// </summary>
internal sealed class DirectoryRemover
{
    internal const int OwnerAll = 0x1C0; // u=rwx
    private const int MaxDepth = 128; // one open descriptor a level
    private const int MaxPasses = 64; // through a directory that somebody fills meanwhile
    private const int MovesOfAPass = 1024; // a pass that brought directories to the top is a small part of one
    private const int MaxProblems = 100;
    private readonly FileDescriptor root;
    private readonly byte[] keep;
    private readonly List<string> problems = [];
    private readonly DirectoryReader?[] readers = new DirectoryReader?[MaxDepth + 1];
    private FileDescriptor? reserve;
    private int untold;
    private int moved;
    private bool givenUp;

    private DirectoryRemover(FileDescriptor root, byte[] keep) => (this.root, this.keep) = (root, keep);

    /// <summary>Removes everything in a directory but one name.</summary>
    /// <param name="root">The directory, open for reading, and with all rights for its owner.</param>
    /// <param name="keep">The name to keep at the top, with its closing zero.</param>
    /// <returns>What could not be removed and why; empty if nothing is left.</returns>
    internal static IReadOnlyList<string> Empty(FileDescriptor root, byte[] keep)
    {
        var remover = new DirectoryRemover(root, keep) { reserve = SystemCalls.TryDuplicate(root) };
        remover.EmptyDirectory(root, "", 0, () => remover.IsRootEmpty() ? 0 : LibC.ENOTEMPTY);
        remover.reserve?.Dispose();
        if (remover.untold > 0)
        {
            remover.problems.Add(string.Create(CultureInfo.InvariantCulture, $": {remover.untold} more could not be removed"));
        }

        return remover.problems;
    }

    // Removing while reading may make the file system skip names, directories that are too deep come to the top, and
    // somebody may still write: read again for as long as there is progress.
    /// <returns>0, or the error number of the last <paramref name="remove"/>.</returns>
    private int EmptyDirectory(FileDescriptor directory, string path, int depth, Func<int> remove)
    {
        var (told, untoldBefore) = (problems.Count, untold);
        var passes = 0;
        while (true)
        {
            problems.RemoveRange(told, problems.Count - told);
            untold = untoldBefore;
            var movedBefore = moved;
            var removedAny = RemoveNames(directory, path, depth);
            var error = remove();
            if (error != LibC.ENOTEMPTY && error != LibC.EEXIST)
            {
                return error;
            }

            passes += moved == movedBefore ? MovesOfAPass : 1;
            if (removedAny && passes < MaxPasses * MovesOfAPass && !givenUp)
            {
                continue;
            }

            if (problems.Count == told && untold == untoldBefore)
            {
                // One is enough: each directory above it would be waited for as long.
                givenUp = true;
                Tell(path, "something is written there faster than it can be removed");
            }

            return 0; // told, here or below
        }
    }

    /// <returns>Whether something is gone now that was there.</returns>
    private bool RemoveNames(FileDescriptor directory, string path, int depth)
    {
        var removedAny = false;
        var frozen = false;
        try
        {
            var reader = readers[depth] ??= new();
            reader.Start(directory);
            while (reader.Next(out var name, out var isDirectory))
            {
                if (depth > 0 || !name.SequenceEqual(keep))
                {
                    removedAny |= Remove(directory, name, isDirectory, path, depth, ref frozen);
                }
            }
        }
        catch (LinuxException exception)
        {
            Tell(path, exception.Message); // it cannot be read; what is beside it can
        }

        return removedAny;
    }

    private bool IsRootEmpty()
    {
        var reader = readers[0]!;
        reader.Start(root);
        while (reader.Next(out var name, out _))
        {
            if (!name.SequenceEqual(keep))
            {
                return false;
            }
        }

        return true;
    }

    private bool Remove(FileDescriptor directory, ReadOnlySpan<byte> name, bool? isDirectory, string path, int depth, ref bool frozen)
    {
        // The kernel says of a directory that it is one without looking further.
        var error = isDirectory == true ? LibC.EISDIR : SystemCalls.Remove(directory.Number, name, isDirectory: false);
        if (error == LibC.EISDIR || (error == LibC.EPERM && isDirectory is null && SystemCalls.Status(directory.Number, name) is { IsDirectory: true }))
        {
            error = SystemCalls.Remove(directory.Number, name, isDirectory: true);
            if (error != 0 && error != LibC.ENOENT)
            {
                var before = (problems.Count, untold);
                error = Descend(directory, name, $"{path}/{Printable.Text(name[..^1])}", depth);
                if (error == 0)
                {
                    return before == (problems.Count, untold);
                }
            }
        }

        return error == 0 || error == LibC.ENOENT || !Explain(directory, name, error, path, ref frozen);
    }

    // 0 if it is gone, or if what is in it was told; else the error number.
    private int Descend(FileDescriptor directory, ReadOnlySpan<byte> name, string fullName, int depth)
    {
        var error = Open(directory, name, depth, out var child);
        if (child is null)
        {
            return error;
        }

        using (child)
        {
            var copy = name.ToArray();
            return EmptyDirectory(child, fullName, depth + 1, () => SystemCalls.Remove(directory.Number, copy, isDirectory: true));
        }
    }

    // Null with no error: it was moved up to the root, where the next pass finds it.
    private int Open(FileDescriptor directory, ReadOnlySpan<byte> name, int depth, out FileDescriptor? child)
    {
        child = null;
        var error = depth == MaxDepth ? LibC.EMFILE : SystemCalls.OpenDirectoryBelow(directory, name, LibC.O_RDONLY, out child);
        if (child is not null)
        {
            if ((SystemCalls.Status(child).Mode & OwnerAll) != OwnerAll)
            {
                SystemCalls.ChangeOpenMode(child, OwnerAll);
            }

            return 0;
        }

        if (error == LibC.EACCES)
        {
            error = MakeAccessible(directory, name);
            error = error == 0 ? SystemCalls.OpenDirectoryBelow(directory, name, LibC.O_RDONLY, out child) : error;
        }

        return error == LibC.EMFILE || error == LibC.ENFILE ? MoveUp(directory, name) : error;
    }

    private static int MakeAccessible(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        var error = SystemCalls.OpenDirectoryBelow(directory, name, LibC.O_PATH, out var handle);
        using (handle)
        {
            if (handle is not null)
            {
                SystemCalls.ChangeMode(handle, OwnerAll);
            }
        }

        return error;
    }

    private int MoveUp(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        // To be moved, a directory must be writable itself. The reserve makes room for the descriptor that takes.
        reserve?.Dispose();
        var error = MakeAccessible(directory, name);
        reserve = SystemCalls.TryDuplicate(root);
        while (error == 0)
        {
            // A sweep that was killed may have left some.
            moved++;
            var free = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $".orchestrator-deep-{moved}\0"));
            error = SystemCalls.Status(root.Number, free) is null ? SystemCalls.Rename(directory.Number, name, root.Number, free) : 0;
            if (error != 0 || SystemCalls.Status(directory.Number, name) is null)
            {
                break;
            }
        }

        return error;
    }

    /// <returns>True, always: it is there still.</returns>
    private bool Explain(FileDescriptor directory, ReadOnlySpan<byte> name, int error, string path, ref bool frozen)
    {
        if (error == LibC.EPERM && SystemCalls.Attributes(directory, name) == FileAttribute.None
            && Reason(SystemCalls.Attributes(directory, "\0"u8)) is { } reason)
        {
            // The directory is what holds all that is in it: once is enough.
            if (!frozen)
            {
                frozen = true;
                Tell(path, reason);
            }

            return true;
        }

        Tell($"{path}/{Printable.Text(name[..^1])}", Describe(directory, name, error));
        return true;
    }

    /// <summary>Why a name cannot be removed, as exactly as the file system tells.</summary>
    internal static string Describe(FileDescriptor directory, ReadOnlySpan<byte> name, int error) =>
        error == LibC.EXDEV || error == LibC.EBUSY ? "a file system is mounted there"
        : (error == LibC.EPERM ? Reason(SystemCalls.Attributes(directory, name)) ?? Reason(SystemCalls.Attributes(directory, "\0"u8)) : null)
        ?? LinuxException.Describe(error);

    private static string? Reason(FileAttribute attributes) =>
        attributes.HasFlag(FileAttribute.Immutable) ? "it is immutable (chattr +i)"
        : attributes.HasFlag(FileAttribute.AppendOnly) ? "it is append-only (chattr +a)"
        : null;

    private void Tell(string name, string what)
    {
        var problem = $"{name}: {what}";
        if (problems.Contains(problem))
        {
            return;
        }

        if (problems.Count < MaxProblems)
        {
            problems.Add(problem);
        }
        else
        {
            untold++;
        }
    }
}
