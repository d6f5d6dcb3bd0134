using System.Globalization;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Which object files were compiled or found, in the file <c>steps</c> of a cache entry, to which the script that stands
/// before a compiler adds a line for each; or in the log of ccache, where there is one. A torn line is passed over.
/// </summary>
/// <param name="entry">The cache entry.</param>
internal sealed class CompileSteps(string entry)
{
    private const int KeyLength = 64;
    private readonly string objects = Path.Combine(entry, "objects");
    private readonly GrowingFile steps = new(Path.Combine(entry, "steps"));
    private readonly GrowingFile log = new(LogPath(entry));
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);

    /// <summary>How many object files there were since <see cref="Begin"/>.</summary>
    internal int Count { get; private set; }

    /// <summary>How many of them did not have to be compiled.</summary>
    internal int Reused { get; private set; }

    /// <summary>Where ccache is told to write what became of each compilation (its <c>CCACHE_STATSLOG</c>).</summary>
    internal static string LogPath(string entry) => Path.Combine(entry, "ccache-log");

    /// <summary>Begins a new build.</summary>
    /// <param name="isNew">Whether the one before was finished, so that this one does not go on with it.</param>
    /// <returns>How many object files are there that the one before needed.</returns>
    internal int Begin(bool isNew)
    {
        if (Directory.Exists(Path.Combine(objects, "tmp")))
        {
            // Of a compilation that was killed.
            Directory.Delete(Path.Combine(objects, "tmp"), recursive: true);
        }

        if (isNew)
        {
            steps.Delete();
            log.Delete();
        }

        Read();
        var there = keys.Count(IsThere) + Count - keys.Count;
        keys.Clear();
        Count = Reused = 0;
        return there;
    }

    /// <summary>Counts what was compiled since the last time.</summary>
    internal void Read()
    {
        foreach (var line in steps.ReadNew())
        {
            if (line.Split('\t') is [var time, "built" or "reused", _, { Length: KeyLength } key]
                && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out _) && keys.Add(key))
            {
                Count++;
                Reused += line.Contains("\treused\t", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        // https://ccache.dev/manual/latest.html#_ccache_statistics: a comment with the source, then the counters that went up.
        foreach (var line in log.ReadNew())
        {
            var isReused = line is "direct_cache_hit" or "preprocessed_cache_hit";
            Count += isReused || line == "cache_miss" ? 1 : 0;
            Reused += isReused ? 1 : 0;
        }
    }

    /// <summary>Removes the object files that a build which is finished did not need. ccache has a limit of its own.</summary>
    internal void RemoveOthers()
    {
        foreach (var file in Directory.Exists(objects) ? Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories) : [])
        {
            if (!keys.Contains(Path.GetFileName(file).Split('.')[0]))
            {
                File.Delete(file);
            }
        }
    }

    private bool IsThere(string key) =>
        Directory.Exists(Path.Combine(objects, key[..2])) && Directory.EnumerateFiles(Path.Combine(objects, key[..2]), key + ".*.o").Any();
}
