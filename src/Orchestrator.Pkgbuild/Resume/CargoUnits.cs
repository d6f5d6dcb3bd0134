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
    private const int HashLength = 16;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private readonly string fingerprints = Path.Combine(folder, ".fingerprint");
    private readonly string outputs = Path.Combine(folder, "deps");
    private readonly string scripts = Path.Combine(folder, "build");

    /// <summary>Those of a cache entry.</summary>
    internal static IEnumerable<CargoUnits> In(string entry)
    {
        var root = Path.Combine(entry, "cargo");
        return Directory.Exists(root)
            ? Directory.GetDirectories(root, ".fingerprint", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, AttributesToSkip = FileAttributes.ReparsePoint })
                .Select(found => new CargoUnits(Path.GetDirectoryName(found)!))
            : [];
    }

    /// <summary>
    /// Removes what is not complete: all files of a unit that has no fingerprint. Also the folder in which a build script was
    /// at work: cargo would let it begin anew among what it has left there, and <c>make</c> takes a truncated object for a good one.
    /// </summary>
    /// <returns>Whether something was changed after it was complete, which nothing of cargo's does.</returns>
    internal bool RemoveUnfinished()
    {
        var units = Units();
        var finished = units.ToDictionary(unit => unit.Name, unit => FinishedAt(unit.Folder), StringComparer.Ordinal);
        var hashes = finished.Where(unit => unit.Value is not null)
            .GroupBy(unit => unit.Key[^HashLength..], StringComparer.Ordinal)
            .ToDictionary(units => units.Key, units => units.Max(unit => unit.Value)!.Value, StringComparer.Ordinal);
        var isDamaged = false;
        foreach (var file in Files(outputs))
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
            unit.Folder.Delete(recursive: true);
        }

        return isDamaged;

        bool Judge(FileInfo file, string? hash)
        {
            if (hash is not null && !hashes.ContainsKey(hash))
            {
                file.Delete();
                return false;
            }

            return hash is not null && file.LinkTarget is null && file.LastWriteTimeUtc > hashes[hash];
        }
    }

    /// <summary>Removes all units of packages that are compiled from files of the user's own, which may be others now.</summary>
    /// <param name="sourceDirectory">Where those files are.</param>
    internal void RemoveLocal(string sourceDirectory)
    {
        var units = Units();
        var dependencies = Files(outputs).Concat(Folders(scripts).SelectMany(script => script.EnumerateFiles("*.d")))
            .Where(file => file.Extension == ".d" && HashIn(file.Name) is not null && IsLocal(file, sourceDirectory))
            .Select(file => HashIn(file.Name)!)
            .ToHashSet(StringComparer.Ordinal);
        var packages = units.Where(unit => dependencies.Contains(unit.Name[^HashLength..]))
            .Select(unit => PackageOf(unit.Name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var unit in units.Where(unit => packages.Contains(PackageOf(unit.Name))))
        {
            unit.Folder.Delete(recursive: true);
        }

        RemoveUnfinished();
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

    private static string PackageOf(string unit) => unit[..^(HashLength + 1)];

    // When the last of its fingerprints was written; null if one of them is not whole, or there is none.
    private static DateTime? FinishedAt(DirectoryInfo unit)
    {
        var hashes = unit.GetFiles()
            .Where(file => !file.Name.Contains('.', StringComparison.Ordinal)
                && !file.Name.StartsWith("dep-", StringComparison.Ordinal) && !file.Name.StartsWith("output-", StringComparison.Ordinal))
            .ToList();
        return hashes.Count > 0 && hashes.TrueForAll(file => file.Length == HashLength) ? hashes.Max(file => file.LastWriteTimeUtc) : null;
    }

    // "PATH: SOURCE SOURCE…": a source of a package in the workspace is relative, one of a registry is not.
    private static bool IsLocal(FileInfo file, string sourceDirectory)
    {
        var line = File.ReadLines(file.FullName).FirstOrDefault() ?? "";
        var sources = line[(line.IndexOf(": ", StringComparison.Ordinal) + 1)..];
        return sources.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Any(source => source[0] != '/' || source.StartsWith(sourceDirectory + '/', StringComparison.Ordinal));
    }

    private List<(string Name, DirectoryInfo Folder)> Units() =>
        [.. Folders(fingerprints).Where(unit => HashIn(unit.Name) is not null).Select(unit => (unit.Name, unit))];

    private static FileInfo[] Files(string path) => Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [];

    private static DirectoryInfo[] Folders(string path) => Directory.Exists(path) ? new DirectoryInfo(path).GetDirectories() : [];
}
