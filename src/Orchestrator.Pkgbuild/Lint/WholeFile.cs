namespace Orchestrator.Pkgbuild;

/// <summary>Files that are there with all that they are to have, or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file beside the one that it is to be, and renames it; one that is replaced hands on its owner and permissions. A pipe or a device is written to as it is.</summary>
    /// <exception cref="IOException">It cannot be written; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; nothing has changed.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        // What a symbolic link points at is replaced, not the link.
        FileInfo file = new(path);
        var target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
        {
            throw new IOException("it is a folder");
        }

        // /dev/stdout points into /proc, at a name that a pipe does not have.
        if (target.StartsWith("/proc/", StringComparison.Ordinal) || (File.Exists(target) && NativeFile.Status(target).Type != FileStatus.Regular))
        {
            using FileStream there = new(path, FileMode.Open, FileAccess.Write);
            write(there);
            return;
        }

        var part = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}");
        try
        {
            using (FileStream stream = new(part, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
            }

            if (File.Exists(target))
            {
                NativeFile.CopyOwnerAndMode(target, part);
            }

            File.Move(part, target, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
