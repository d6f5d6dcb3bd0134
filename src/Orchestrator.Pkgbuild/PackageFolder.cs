namespace Orchestrator.Pkgbuild;

/// <summary>Finds PKGBUILDs in a folder that holds one, or one folder a package.</summary>
public static class PackageFolder
{
    private const string FileName = "PKGBUILD";

    /// <summary>All PKGBUILDs of a folder: its own, else those right below it, else those right below its folder <c>pkgbuilds</c>.</summary>
    /// <param name="root">The folder.</param>
    /// <returns>Full paths, in the order of their names; at least one.</returns>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.MissingFile"/>: there is none.</exception>
    public static IReadOnlyList<string> All(string root)
    {
        root = Path.GetFullPath(root);
        var own = Path.Combine(root, FileName);
        var found = File.Exists(own) ? [own] : BelowOrInPkgbuilds(root);
        return found.Count > 0
            ? found
            : throw new PkgbuildException(MakepkgExitCode.MissingFile, $"no PKGBUILD in {root}, nor in a folder right below it");
    }

    /// <summary>The PKGBUILDs that words on a command line mean: a PKGBUILD, a folder with one, or the name of a folder below a root.</summary>
    /// <param name="root">Where names are looked for.</param>
    /// <param name="words">Paths and names; none means all.</param>
    /// <returns>Full paths, each once.</returns>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.MissingFile"/>: one means nothing.</exception>
    public static IReadOnlyList<string> Select(string root, IReadOnlyCollection<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Count == 0 ? All(root) : [.. words.Select(word => Find(root, word)).Distinct(StringComparer.Ordinal)];
    }

    private static string Find(string root, string word)
    {
        string[] candidates =
        [
            word,
            Path.Combine(word, FileName),
            Path.Combine(root, word, FileName),
            Path.Combine(root, "pkgbuilds", word, FileName),
        ];
        return candidates.FirstOrDefault(File.Exists) is { } found
            ? Path.GetFullPath(found)
            : throw new PkgbuildException(MakepkgExitCode.MissingFile, $"no package '{word}': it is neither a PKGBUILD, nor a folder with one, nor a package in {Path.GetFullPath(root)}{Known(root)}");
    }

    private static string Known(string root)
    {
        var known = BelowOrInPkgbuilds(root);
        return known.Count == 0 ? "" : $" (there are: {string.Join(", ", known.Select(path => Path.GetFileName(Path.GetDirectoryName(path))))})";
    }

    private static List<string> BelowOrInPkgbuilds(string root) =>
        Below(root) is { Count: > 0 } below ? below : Below(Path.Combine(root, "pkgbuilds"));

    private static List<string> Below(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateDirectories(folder)
            .Select(directory => Path.Combine(directory, FileName))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal),
    ];
}
