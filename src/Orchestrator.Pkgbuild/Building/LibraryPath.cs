namespace Orchestrator.Pkgbuild;

/// <summary>Finds libraries where distributions put them, by their file name or that of their pkg-config file.</summary>
internal sealed class LibraryPath(params IReadOnlyList<string> prefixes)
{
    private static readonly string[] FolderNames = ["lib", "lib64"];

    // Compilers for Windows link with libNAME.dll.a.
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".dll.a" : ".so";

    private readonly Lazy<HashSet<string>> names = new(() => Find(prefixes));

    /// <summary>The machine's own.</summary>
    internal static LibraryPath Default { get; } = OperatingSystem.IsWindows() ? new([.. BashProgram.LibraryPrefixes]) : new("/usr", "/usr/local", "/");

    /// <summary>Whether there is a library: <c>zlib</c>, <c>libfoo</c> and <c>libfoo.so</c> are all names for one.</summary>
    internal bool Contains(string name)
    {
        var bare = name.EndsWith(".so", StringComparison.Ordinal) ? name[..^3] : name;
        return names.Value.Contains(bare) || names.Value.Contains("lib" + bare);
    }

    private static HashSet<string> Find(IReadOnlyList<string> prefixes)
    {
        var folders = prefixes.SelectMany(prefix => FolderNames.Select(folder => Path.Combine(prefix, folder))).ToList();

        // Debian keeps libraries of an architecture in /usr/lib/TRIPLET.
        folders.AddRange(folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateDirectories(folder, "*-linux-*")).ToList());
        var libraries = folders.SelectMany(folder => Files(folder, $"lib*{Suffix}*"))
            .Select(file => file[..file.IndexOf(Suffix, StringComparison.Ordinal)]);
        var configurations = folders.Concat(prefixes.Select(prefix => Path.Combine(prefix, "share")))
            .SelectMany(folder => Files(Path.Combine(folder, "pkgconfig"), "*.pc"))
            .Select(file => file[..^3]);
        return libraries.Concat(configurations).ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern).Select(file => Path.GetFileName(file)) : [];
}
