namespace Orchestrator.Pkgbuild;

/// <summary>
/// Takes what cargo has finished in the work directory over into the cache entry, unit by unit, while cargo goes on. Nothing is
/// compiled in the cache: what is there was whole when it came there, and its fingerprint came last, by rename(2).
/// </summary>
/// <param name="work">The folder of a profile below <c>target</c>.</param>
/// <param name="kept">The one in the cache entry.</param>
internal sealed class CargoHarvest(string work, string kept)
{
    private readonly CargoUnits made = new(work);
    private readonly Dictionary<string, DateTime> taken = new(StringComparer.Ordinal);

    /// <summary>The folder in the cache entry.</summary>
    internal string Kept => kept;

    /// <summary>Takes over what was finished since the last time.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Take()
    {
        try
        {
            TakeAll();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody removes it, or compiles it anew. What is finished is taken the next time.
        }
    }

    private void TakeAll()
    {
        var finished = made.Units()
            .Select(unit => (unit.Name, unit.Folder, Time: CargoUnits.FinishedAt(unit.Folder)))
            .Where(unit => unit.Time is not null && !IsTaken(unit.Name, unit.Time.Value))
            .ToList();
        if (finished.Count == 0)
        {
            return;
        }

        // Units that are finished have put there what they put there.
        if (HasOthers())
        {
            Directory.CreateDirectory(kept);
            new CargoUnits(kept).MarkSide();
        }

        var files = Files("deps").Concat(Files("examples")).ToLookup(file => CargoUnits.HashIn(file.Name) ?? "");
        foreach (var (name, folder, time) in finished)
        {
            Take(name, folder, time!.Value, [.. files[name[^CargoUnits.HashLength..]], .. files[""].Where(file => CargoUnits.UnitsOf(file, [(name, folder)]).Count > 0)]);
            taken[name] = time.Value;
        }
    }

    private bool IsTaken(string unit, DateTime time) =>
        taken.TryGetValue(unit, out var known)
            ? known == time
            : new DirectoryInfo(Path.Combine(kept, ".fingerprint", unit)) is { Exists: true } earlier && CargoUnits.FinishedAt(earlier) == time;

    private void Take(string name, DirectoryInfo fingerprint, DateTime time, List<FileInfo> outputs)
    {
        var script = new DirectoryInfo(Path.Combine(work, "build", name));
        Remove(Path.Combine(kept, ".fingerprint", name));

        // A build may strip its programs, or write to what a build script has made: then these are made again by the next one.
        if (outputs.Exists(file => file.LastWriteTimeUtc > time) || (script.Exists && FilesBelow.Of(script.FullName).Any(file => file.LastWriteTimeUtc > time)))
        {
            return;
        }

        foreach (var file in outputs)
        {
            var copy = Path.Combine(kept, Path.GetRelativePath(work, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Delete(copy);
            if (file.Extension is not (".rlib" or ".rmeta") || !TryLink(file.FullName, copy))
            {
                file.CopyTo(copy);
            }
        }

        Remove(Path.Combine(kept, "build", name));
        if (script.Exists)
        {
            Copy(script, Path.Combine(kept, "build", name));
        }

        var unfinished = Path.Combine(kept, ".new");
        Remove(unfinished);
        Copy(fingerprint, unfinished);
        fingerprint.Refresh();
        if (fingerprint.Exists && CargoUnits.FinishedAt(fingerprint) == time)
        {
            Directory.CreateDirectory(Path.Combine(kept, ".fingerprint"));
            Directory.Move(unfinished, Path.Combine(kept, ".fingerprint", name));
        }
    }

    // Whether there is something beside the programs that cargo did not put there: each of its own is from deps, but for its hash,
    // and, when all is done, has a list of what it depends on.
    private bool HasOthers()
    {
        var files = new DirectoryInfo(work).GetFiles().Where(file => file.Name[0] != '.').Select(file => file.Name).ToList();
        var compiled = Files("deps").Select(file => Plain(file.Name)).ToHashSet(StringComparer.Ordinal);
        return files.Exists(file => Path.GetExtension(file) != ".d" && !compiled.Contains(Plain(file)) && !files.Contains(file + ".d") && !files.Contains(Path.ChangeExtension(file, ".d")))
            || new DirectoryInfo(work).GetDirectories().Any(folder => folder.Name[0] != '.' && folder.Name is not ("deps" or "build" or "examples" or "incremental"));

        // In deps, a name has the form of a crate's.
        static string Plain(string file) => (CargoUnits.HashIn(file) is { } hash ? file.Replace("-" + hash, "", StringComparison.Ordinal) : file).Replace('-', '_');
    }

    private IEnumerable<FileInfo> Files(string folder) => new DirectoryInfo(Path.Combine(work, folder)) is { Exists: true } found
        ? found.GetFiles().Where(file => !file.Name.Contains(".rcgu.", StringComparison.Ordinal)) // of a compilation that is at work
        : [];

    private static bool TryLink(string existing, string path)
    {
        try
        {
            NativeFile.Link(existing, path);
            return true;
        }
        catch (IOException)
        {
            return false; // on another file system
        }
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var found in from.GetFileSystemInfos())
        {
            var copy = Path.Combine(to, found.Name);
            switch (found)
            {
                case { LinkTarget: { } target }:
                    File.CreateSymbolicLink(copy, target);
                    break;
                case DirectoryInfo folder:
                    Copy(folder, copy);
                    break;
                case FileInfo file when NativeFile.Status(file.FullName).Type == FileStatus.Regular:
                    file.CopyTo(copy);
                    break;
            }
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
