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
    private const int OwnerAll = 0x1C0; // u=rwx
    private const int MaxDepth = 128; // one open descriptor a level
    private readonly FileDescriptor root;
    private readonly byte[] keep;
    private readonly List<string> problems = [];
    private int moved;

    private DirectoryRemover(FileDescriptor root, byte[] keep) => (this.root, this.keep) = (root, keep);

    /// <summary>Removes everything in a directory but one name.</summary>
    /// <param name="root">The directory, open for reading.</param>
    /// <param name="keep">The name to keep at the top, with its closing zero.</param>
    /// <returns>What could not be removed and why; empty if nothing is left.</returns>
    internal static IReadOnlyList<string> Empty(FileDescriptor root, byte[] keep)
    {
        var remover = new DirectoryRemover(root, keep);
        _ = SystemCalls.ChangeMode(root, OwnerAll);
        remover.EmptyDirectory(root, "", 0);
        return remover.problems;
    }

    private void EmptyDirectory(FileDescriptor directory, string path, int depth)
    {
        // Removing while reading may make the file system skip names, and deep directories are moved up to the root:
        // read again until a pass finds nothing that it could remove.
        bool removedAny;
        do
        {
            removedAny = false;
            problems.RemoveAll(problem => problem.StartsWith(path + "/", StringComparison.Ordinal));
            SystemCalls.Rewind(directory);
            var reader = new DirectoryReader(directory);
            while (reader.Next(out var name, out var isDirectory))
            {
                if (depth == 0 && name.SequenceEqual(keep))
                {
                    continue;
                }

                removedAny |= Remove(directory, name.ToArray(), isDirectory, path, depth);
            }
        }
        while (removedAny);
    }

    private bool Remove(FileDescriptor directory, byte[] name, bool? isDirectory, string path, int depth)
    {
        var error = isDirectory == true ? LibC.EISDIR : SystemCalls.Remove(directory.Number, name, isDirectory: false);
        if (error == 0 || error == LibC.ENOENT)
        {
            return true;
        }

        var fullName = $"{path}/{Encoding.UTF8.GetString(name.AsSpan()[..^1])}";
        if (error != LibC.EISDIR && (error != LibC.EPERM || SystemCalls.Status(directory.Number, name) is { IsDirectory: false }))
        {
            return Problem(fullName, error);
        }

        if (SystemCalls.Remove(directory.Number, name, isDirectory: true) == 0)
        {
            return true;
        }

        error = Descend(directory, name, fullName, depth);
        return error == 0 || Problem(fullName, error);
    }

    // 0, or the error number.
    private int Descend(FileDescriptor directory, byte[] name, string fullName, int depth)
    {
        var error = SystemCalls.OpenDirectoryBelow(directory, name, LibC.O_PATH, out var handle);
        if (error != 0)
        {
            return NoneIsLeft(error) ? MoveUp(directory, name) : error;
        }

        using (handle)
        {
            _ = SystemCalls.ChangeMode(handle!, OwnerAll);
        }

        if (depth == MaxDepth)
        {
            return MoveUp(directory, name);
        }

        error = SystemCalls.OpenDirectoryBelow(directory, name, LibC.O_RDONLY, out var child);
        if (error != 0)
        {
            return NoneIsLeft(error) ? MoveUp(directory, name) : error;
        }

        using (child)
        {
            // Without /proc the mode could not be changed before.
            _ = SystemCalls.ChangeMode(child!, OwnerAll);
            EmptyDirectory(child!, fullName, depth + 1);
        }

        return SystemCalls.Remove(directory.Number, name, isDirectory: true);

        // At the top there is nowhere to move it.
        bool NoneIsLeft(int error) => depth > 0 && (error == LibC.EMFILE || error == LibC.ENFILE);
    }

    private int MoveUp(FileDescriptor directory, byte[] name)
    {
        moved++;
        return SystemCalls.Rename(directory.Number, name, root.Number, Encoding.UTF8.GetBytes($".orchestrator-deep-{moved}\0"));
    }

    private bool Problem(string name, int error)
    {
        // A directory that is not empty says nothing that its contents have not said already.
        if (error != LibC.ENOTEMPTY)
        {
            problems.Add($"{name}: {(error == LibC.EXDEV ? "a file system is mounted there" : LinuxException.Describe(error))}");
        }

        return false;
    }
}
