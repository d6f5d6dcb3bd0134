using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Removes from an installed tree what <c>options</c> of the PKGBUILD says: <c>!docs</c>, <c>!emptydirs</c>, <c>!libtool</c>,
/// <c>!staticlibs</c> and <c>purge</c>, by makepkg's rules and in its order. No link is followed, so nothing beside the tree is touched.
/// </summary>
internal static partial class PackageTidying
{
    /// <param name="tree">The installed tree.</param>
    /// <param name="packageOptions">The package's own <c>options</c>; what they do not name stays.</param>
    /// <param name="log">Is told what is removed.</param>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    internal static void Apply(string tree, IReadOnlyList<string> packageOptions, BuildLog log)
    {
        if (IsOff("docs"))
        {
            log.Detail("Removing doc files...");
            foreach (var folder in Entries(tree).OfType<DirectoryInfo>().Where(folder => DocumentationFolder().IsMatch(Relative(folder))).ToList())
            {
                Remove(folder);
            }
        }

        if (IsOff("emptydirs"))
        {
            log.Detail("Removing empty directories...");

            // The deepest first: what it leaves empty goes, too.
            foreach (var folder in Entries(tree).OfType<DirectoryInfo>().Where(folder => folder.LinkTarget is null).Reverse().ToList())
            {
                if (!folder.EnumerateFileSystemInfos().Any())
                {
                    folder.Delete();
                }
            }
        }

        if (IsOff("libtool"))
        {
            log.Detail("Removing \"libtool\" files...");
            RemoveFiles(file => file.Name.EndsWith(".la", StringComparison.Ordinal));
        }

        if (Is("purge", on: true))
        {
            log.Detail("Purging unwanted files...");
            RemoveFiles(file => file.Name == ".packlist" || file.Name.EndsWith(".pod", StringComparison.Ordinal) || Relative(file) is "usr/info/dir" or "usr/share/info/dir");
        }

        if (IsOff("staticlibs"))
        {
            log.Detail("Removing static library files...");
            RemoveFiles(file => file.Name.EndsWith(".a", StringComparison.Ordinal)
                && new FileInfo(file.FullName[..^2] + ".so") is var shared && (File.Exists(shared.FullName) || shared.LinkTarget is not null));
        }

        bool IsOff(string name) => Is(name, on: false);

        // What is named last holds.
        bool Is(string name, bool on) =>
            packageOptions.LastOrDefault(option => option == name || option == "!" + name) is { } last && last[0] != '!' == on;

        string Relative(FileSystemInfo entry) => Path.GetRelativePath(tree, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

        void RemoveFiles(Func<FileSystemInfo, bool> matches)
        {
            foreach (var file in Entries(tree).Where(entry => (entry is FileInfo || entry.LinkTarget is not null) && matches(entry)).ToList())
            {
                Remove(file);
            }
        }
    }

    private static void Remove(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo folder && entry.LinkTarget is null)
        {
            NativeFile.RemoveTree(folder.FullName);
        }
        else
        {
            NativeFile.Remove(entry);
        }
    }

    // A folder before what is in it; a link is not looked into.
    private static IEnumerable<FileSystemInfo> Entries(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            yield return entry;
            if (entry is DirectoryInfo && entry.LinkTarget is null)
            {
                foreach (var below in Entries(entry.FullName))
                {
                    yield return below;
                }
            }
        }
    }

    [GeneratedRegex("^(usr/(local/)?(share/)?|opt/[^/]+/)(doc|gtk-doc)$")]
    private static partial Regex DocumentationFolder();
}
