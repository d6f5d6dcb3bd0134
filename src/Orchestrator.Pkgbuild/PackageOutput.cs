namespace Orchestrator.Pkgbuild;

/// <summary>What builds have put into a folder.</summary>
public static class PackageOutput
{
    /// <summary>
    /// Removes all packages that builds have put into a folder: archives, installed trees, and what is known of the builds.
    /// Whatever else is there stays.
    /// </summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <returns>The paths that were removed.</returns>
    /// <exception cref="IOException">Something could not be removed. What is known of its build stays, for a second try.</exception>
    /// <exception cref="UnauthorizedAccessException">As before.</exception>
    public static IReadOnlyList<string> RemoveAll(string folder)
    {
        folder = Path.GetFullPath(folder);
        List<string> removed = [];
        foreach (var (stampPath, stamp) in OutputFolder.StampsIn(folder))
        {
            foreach (var package in stamp.Describe(folder))
            {
                Remove(package.TreePath, removed);
                Remove(package.ArchivePath, removed);
            }

            Remove(stampPath, removed);
        }

        OutputFolder.RemoveIfEmpty(folder);
        return removed;
    }

    private static void Remove(string path, List<string> removed)
    {
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
        {
            MakeWritable(path);
            NativeFile.RemoveTree(path);
            removed.Add(path);
        }
        else if (Path.Exists(path))
        {
            File.Delete(path);
            removed.Add(path);
        }
    }

    // A package may have folders that not even their owner may write to.
    private static void MakeWritable(string folder)
    {
        NativeFile.SetMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var below in new DirectoryInfo(folder).EnumerateDirectories().Where(below => below.LinkTarget is null))
        {
            MakeWritable(below.FullName);
        }
    }
}
