using System.Buffers;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What cargo has compiled into one of its folders (<c>target/release</c>, say): units, each with a name and a hash. cargo
/// writes the fingerprint of a unit when all of it is there, and empties it before it begins to compile it anew
/// (rust-lang/cargo#6591); so what has none was being written when its writer was killed.
/// https://doc.rust-lang.org/nightly/nightly-rustc/cargo/core/compiler/fingerprint/
/// </summary>
/// <param name="folder">The folder of the profile.</param>
internal sealed class CargoUnits(string folder)
{
    /// <summary>Characters of the hash in a name.</summary>
    internal const int HashLength = 16;

    private const string Side = ".beside";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private readonly string fingerprints = Path.Combine(folder, ".fingerprint");
    private readonly string outputs = Path.Combine(folder, "deps");
    private readonly string scripts = Path.Combine(folder, "build");
    private readonly string examples = Path.Combine(folder, "examples");

    /// <summary>Those of a cache entry.</summary>
    internal static IEnumerable<CargoUnits> In(string entry)
    {
        var root = Path.Combine(entry, "cargo");
        return Directory.Exists(root)
            ? Directory.GetDirectories(root, ".fingerprint", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, AttributesToSkip = FileAttributes.ReparsePoint })
                .Select(found => new CargoUnits(Path.GetDirectoryName(found)!))
            : [];
    }

    /// <summary>Removes what no build has used that was finished: of another toolchain, say, or of other features.</summary>
    /// <param name="entry">The cache entry.</param>
    /// <param name="keys">What was used.</param>
    internal static void RemoveOthers(string entry, IReadOnlyCollection<string> keys)
    {
        foreach (var folder in keys.Count == 0 ? [] : Folders(Path.Combine(entry, "cargo")).Where(folder => !keys.Contains(folder.Name)))
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Removes what is not complete: all files of a unit that has no fingerprint. Also the folder in which a build script was
    /// at work: cargo would let it begin anew among what it has left there, and <c>make</c> takes a truncated object for a good one.
    /// </summary>
    /// <returns>Whether something was changed after it was complete, which nothing of cargo's does.</returns>
    internal bool RemoveUnfinished()
    {
        if (File.Exists(Path.Combine(folder, Side)))
        {
            RemoveFindings();
            File.Delete(Path.Combine(folder, Side));
        }

        var units = Units();
        var finished = units.ToDictionary(unit => unit.Name, unit => FinishedAt(unit.Folder), StringComparer.Ordinal);
        var isDamaged = false;
        foreach (var file in Files(outputs).Concat(Files(examples)))
        {
            isDamaged |= Judge(file, HashIn(file.Name));
        }

        foreach (var script in Folders(scripts))
        {
            if (finished.GetValueOrDefault(script.Name) is not { } time)
            {
                script.Delete(recursive: true);
            }
            else
            {
                isDamaged |= FilesBelow.Of(script.FullName).Any(file => file.LastWriteTimeUtc > time);
            }
        }

        foreach (var unit in units.Where(unit => finished[unit.Name] is null))
        {
            Remove(unit);
        }

        return isDamaged;

        // Whether it is damaged.
        bool Judge(FileInfo file, string? hash)
        {
            var own = hash is null ? UnitsOf(file, units) : [.. units.Where(unit => unit.Name.EndsWith(hash, StringComparison.Ordinal))];
            var times = own.ConvertAll(unit => finished[unit.Name]);
            var isWhole = hash is null ? times.Count > 0 && !times.Contains(null) : times.Exists(time => time is not null);
            var isChanged = isWhole && file.LinkTarget is null && file.LastWriteTimeUtc > times.Max();
            if (!isWhole)
            {
                file.Delete();
                own.ForEach(unit => finished[unit.Name] = null);
            }

            return isChanged;
        }
    }

    /// <summary>Removes all units of packages that are compiled from files of the user's own, which may be others now.</summary>
    /// <param name="sourceDirectory">Where those files are.</param>
    internal void RemoveLocal(string sourceDirectory) => RemoveWhere(file => IsLocal(file, sourceDirectory));

    /// <summary>Removes all units of packages whose files nobody has looked at: neither in <paramref name="sourceDirectory"/>, nor of a registry.</summary>
    internal void RemoveOutside(string sourceDirectory) => RemoveWhere(file => !IsLocal(file, sourceDirectory) && !Sources(file).Any(IsOfRegistry));

    /// <summary>Says that a build script may have put something beside the programs, which is not kept: all of them have to run again.</summary>
    internal void MarkSide() => File.WriteAllText(Path.Combine(folder, Side), "");

    /// <summary>Removes what build scripts have found out and made: all of them run again.</summary>
    internal void RemoveFindings()
    {
        foreach (var unit in Units().Where(unit => unit.Folder.EnumerateFiles("run-build-script-*").Any()))
        {
            Remove(unit);
        }
    }

    /// <summary>Whether a unit is there: by its hash, or by the name of its package where no file of it is known.</summary>
    internal bool Has(string package, string? hash) => hash is not null
        ? Directory.Exists(Path.Combine(fingerprints, $"{package}-{hash}"))
        : Units().Any(unit => PackageOf(unit.Name) == package);

    /// <summary>The hash in the name of a file that cargo or rustc made: <c>libserde-ece15f80cce0d0d5.rlib</c>.</summary>
    internal static string? HashIn(string file)
    {
        var stem = file.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? file[..dot] : file;
        return stem.Length > HashLength + 1 && stem[^(HashLength + 1)] == '-' && !stem.AsSpan()[^HashLength..].ContainsAnyExcept(Digits)
            ? stem[^HashLength..]
            : null;
    }

    private void RemoveWhere(Predicate<FileInfo> condition)
    {
        var units = Units();
        var dependencies = Files(outputs).Concat(Folders(scripts).SelectMany(script => script.EnumerateFiles("*.d")))
            .Where(file => file.Extension == ".d" && HashIn(file.Name) is not null && condition(file))
            .Select(file => HashIn(file.Name)!)
            .ToHashSet(StringComparer.Ordinal);
        var packages = units.Where(unit => dependencies.Contains(unit.Name[^HashLength..]))
            .Select(unit => PackageOf(unit.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var unit in units.Where(unit => packages.Contains(PackageOf(unit.Name))))
        {
            Remove(unit);
        }

        RemoveUnfinished();
    }

    private static void Remove((string Name, DirectoryInfo Folder) unit) => unit.Folder.Delete(recursive: true);

    /// <summary>A library that other languages use has no hash in its name; its unit is known by the name of the target.</summary>
    internal static List<(string Name, DirectoryInfo Folder)> UnitsOf(FileInfo file, IEnumerable<(string Name, DirectoryInfo Folder)> units)
    {
        var name = Path.GetFileNameWithoutExtension(file.Name);
        string[] targets = [$"lib_{name}", $"bin_{name}", name.StartsWith("lib", StringComparison.Ordinal) ? $"lib_{name[3..]}" : name];
        return [.. units.Where(unit => unit.Folder.EnumerateFiles().Any(found => targets.Contains(found.Name.Replace('-', '_'), StringComparer.Ordinal)))];
    }

    // cargo leaves one of these in a package when it has checked all of its files.
    private static bool IsOfRegistry(string source)
    {
        for (var folder = Path.GetDirectoryName(source); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ".cargo-ok")) || File.Exists(Path.Combine(folder, ".cargo-checksum.json")))
            {
                return true;
            }
        }

        return false;
    }

    private static string PackageOf(string unit) => unit[..^(HashLength + 1)];

    /// <summary>When the last of its fingerprints was written; null if one of them is not whole, or there is none.</summary>
    internal static DateTime? FinishedAt(DirectoryInfo unit)
    {
        var hashes = unit.GetFiles()
            .Where(file => !file.Name.Contains('.', StringComparison.Ordinal)
                && !file.Name.StartsWith("dep-", StringComparison.Ordinal) && !file.Name.StartsWith("output-", StringComparison.Ordinal))
            .ToList();
        return hashes.Count > 0 && hashes.TrueForAll(file => file.Length == HashLength) ? hashes.Max(file => file.LastWriteTimeUtc) : null;
    }

    // A source of a package in the workspace is relative, one of a registry is not.
    private static bool IsLocal(FileInfo file, string sourceDirectory) =>
        Sources(file).Any(source => source[0] != '/' || source.StartsWith(sourceDirectory + '/', StringComparison.Ordinal));

    // "PATH: SOURCE SOURCE…"
    private static string[] Sources(FileInfo file)
    {
        var line = File.ReadLines(file.FullName).FirstOrDefault() ?? "";
        return line[(line.IndexOf(": ", StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>All units, whether they are finished or not.</summary>
    internal List<(string Name, DirectoryInfo Folder)> Units() =>
        [.. Folders(fingerprints).Where(unit => HashIn(unit.Name) is not null).Select(unit => (unit.Name, unit))];

    private static FileInfo[] Files(string path) => Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [];

    private static DirectoryInfo[] Folders(string path) => Directory.Exists(path) ? new DirectoryInfo(path).GetDirectories() : [];
}
