namespace Orchestrator.Pkgbuild;

/// <summary>
/// Where packages end up: archives, trees, and our own <c>.orchestrator</c> with the stamps of builds and, where the work
/// root is on another file system, work directories. Everything gets there by being renamed, so that nothing half-written
/// is ever there, whenever a build ends.
/// </summary>
internal sealed class OutputFolder
{
    private readonly string stamps;
    private readonly string stampPath;
    private readonly Pkgbuild pkgbuild;

    private OutputFolder(string path, Pkgbuild pkgbuild)
    {
        Path = path;
        this.pkgbuild = pkgbuild;
        stamps = StampFolder(path);
        stampPath = System.IO.Path.Combine(stamps, pkgbuild.BaseName + ".json");
        Stamp = BuildStamp.Read(stampPath);
    }

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>The last build of the PKGBUILD, if there was one.</summary>
    internal BuildStamp? Stamp { get; private set; }

    /// <summary>When that build ended.</summary>
    internal DateTime StampTime => File.GetLastWriteTimeUtc(stampPath);

    /// <summary>Root of work directories on the folder's own file system.</summary>
    internal string WorkRootPath => System.IO.Path.Combine(Path, ".orchestrator", "work");

    /// <summary>Looks at the folder. It need not exist yet.</summary>
    internal static OutputFolder Locate(Pkgbuild pkgbuild, BuildOptions options)
    {
        var variable = Environment.GetEnvironmentVariable("PKGDEST");
        return new(
            System.IO.Path.GetFullPath(
                options.OutputDirectory ?? (string.IsNullOrEmpty(variable) ? System.IO.Path.Combine(pkgbuild.StartDirectory, "out") : variable)),
            pkgbuild);
    }

    /// <summary>The stamps in a folder, with their paths.</summary>
    internal static IEnumerable<(string Path, BuildStamp Stamp)> StampsIn(string output) =>
        from path in Directory.Exists(StampFolder(output)) ? Directory.GetFiles(StampFolder(output), "*.json") : []
        let stamp = BuildStamp.Read(path)
        where stamp is not null
        select (path, stamp);

    /// <summary>Removes what is ours of a folder that has no packages any more, and the folder if nothing else is in it.</summary>
    internal static void RemoveIfEmpty(string output)
    {
        foreach (var folder in (string[])[StampFolder(output), System.IO.Path.Combine(output, ".orchestrator", "work"), System.IO.Path.Combine(output, ".orchestrator"), output])
        {
            if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>Makes the folder, and requires that packages can be put there.</summary>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.NoPermission"/>: it cannot be written, or has something in it that is not ours to replace.</exception>
    internal void Prepare()
    {
        try
        {
            Directory.CreateDirectory(stamps);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused(error.Message, error);
        }

        if (!NativeFile.IsWritableDirectory(Path))
        {
            throw Refused("it may not be written");
        }

        RequireOurs();

        PkgbuildException Refused(string why, Exception? because = null) => new(
            MakepkgExitCode.NoPermission, $"Packages cannot be written to {Path}: {why} (PKGDEST sets another folder)", innerException: because);
    }

    /// <summary>What other builds have put here: the names of packages and what they provide.</summary>
    internal IEnumerable<string> PackagesThere() => AllStamps()
        .Where(stamp => stamp.Fingerprint.Length > 0 && stamp.IsCurrent(stamp.Fingerprint, Path))
        .SelectMany(stamp => stamp.Packages.Select(package => package.Name).Concat(stamp.Provides));

    /// <summary>Puts packages into place.</summary>
    /// <param name="packages">The packages, on this file system.</param>
    /// <param name="stage">A folder on this file system that is removed afterwards, with what was replaced.</param>
    /// <param name="stamp">What they were made from.</param>
    internal void Publish(IReadOnlyList<StagedPackage> packages, string stage, BuildStamp stamp)
    {
        RequireOurs();

        // Names the trees as ours before the first of them is there, and makes the build be repeated if it ends here.
        WriteStamp(stamp with { Fingerprint = "" }, stage);
        foreach (var package in packages)
        {
            NativeFile.Rename(package.Archive, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(package.Archive)));
            PublishTree(package, stage);
        }

        WriteStamp(stamp, stage);
    }

    private void PublishTree(StagedPackage package, string stage)
    {
        var target = System.IO.Path.Combine(Path, package.Name);
        if (!Directory.Exists(target))
        {
            NativeFile.Rename(package.Tree, target);
            return;
        }

        if (NativeFile.TryExchange(package.Tree, target))
        {
            return;
        }

        var old = System.IO.Path.Combine(stage, "old-" + package.Name);
        NativeFile.Rename(target, old);
        try
        {
            NativeFile.Rename(package.Tree, target);
        }
        catch (IOException)
        {
            NativeFile.Rename(old, target); // a tree that was there before stays there
            throw;
        }
    }

    private void WriteStamp(BuildStamp stamp, string stage)
    {
        var unfinished = System.IO.Path.Combine(stage, "stamp");
        stamp.Write(unfinished);
        NativeFile.Rename(unfinished, stampPath);
        Stamp = stamp;
    }

    private IEnumerable<BuildStamp> AllStamps() => StampsIn(Path).Select(found => found.Stamp);

    private static string StampFolder(string output) => System.IO.Path.Combine(output, ".orchestrator", "stamps");

    // A folder of that name that no build has made may be the user's own work.
    private void RequireOurs()
    {
        var ours = AllStamps().SelectMany(stamp => stamp.Packages).Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in pkgbuild.Names.Where(name => !ours.Contains(name)))
        {
            var target = System.IO.Path.Combine(Path, name);
            if (System.IO.Path.Exists(target))
            {
                throw new PkgbuildException(
                    MakepkgExitCode.NoPermission,
                    $"{target} is in the way: the installed tree of package {name} goes there, and no build has made it; "
                    + "move it away, or have packages written to another folder");
            }
        }
    }
}
