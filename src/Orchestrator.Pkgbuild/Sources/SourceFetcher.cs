namespace Orchestrator.Pkgbuild;

/// <summary>Gets sources onto this machine: local ones where they are, others into the cache.</summary>
internal sealed class SourceFetcher(SourceCache cache, GitRepository git, HttpDownload download, BuildLog log)
{
    /// <summary>Gets one source.</summary>
    /// <exception cref="PkgbuildException">It cannot be had, or what is had is not what the sums say.</exception>
    internal async Task<FetchedSource> FetchAsync(SourceEntry entry, CancellationToken cancellationToken) =>
        entry.Source.Protocol == SourceProtocol.Git ? await git.FetchAsync(entry, cancellationToken).ConfigureAwait(false)
        : Find(entry) ?? await FetchFileAsync(entry, cancellationToken).ConfigureAwait(false);

    /// <summary>Gets one source, whatever its sums are; what is downloaded goes to the cache under the sums that it has.</summary>
    /// <param name="entry">No git source.</param>
    /// <param name="folder">Where a download is, as long as its sums are not known.</param>
    /// <param name="kinds">The sums that are wanted.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <returns>The source, with its sums.</returns>
    internal async Task<FetchedSource> FetchUnverifiedAsync(
        SourceEntry entry, string folder, IReadOnlyCollection<ChecksumKind> kinds, CancellationToken cancellationToken)
    {
        var path = cache.FilePath(entry);
        if ((Find(entry) ?? (entry.Kinds.Any() && File.Exists(path) ? Found(entry, path) : null)) is { } here)
        {
            var sums = await Checksums.OfFileAsync(here.Path, kinds.Union(entry.Kinds), cancellationToken).ConfigureAwait(false);
            if (here.Path != path || entry.Compare(sums) is null)
            {
                return here with { Sums = sums };
            }
        }

        log.Detail($"Downloading {entry.Source.Name}...");
        PartialFile part = new(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName, entry.Source.Name));
        _ = await download.RunAsync(entry.Source, part, cancellationToken).ConfigureAwait(false);
        var found = await Checksums.OfFileAsync(part.Path, kinds, cancellationToken).ConfigureAwait(false);
        var verified = entry with { Sums = found };
        path = cache.FilePath(verified);
        using var held = await SourceCache.LockAsync(path, log, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(path))
        {
            // The work directory may be on another file system, where moving is copying.
            PartialFile beside = new(path + ".part");
            File.Move(part.Path, beside.Path, overwrite: true);
            beside.MoveTo(path);
        }

        return new(verified, path) { Sums = found };
    }

    // What need not be downloaded; null for the rest.
    private FetchedSource? Find(SourceEntry entry) => entry.Source.Protocol switch
    {
        SourceProtocol.Local => FindLocal(entry),
        _ when Beside(entry) is { } path => Found(entry, path),
        SourceProtocol.File => FindFile(entry),
        _ => null,
    };

    // makepkg too takes a file that lies beside the PKGBUILD, or in $SRCDEST, for the one that it would download.
    private string? Beside(SourceEntry entry) =>
        new[] { Path.Combine(entry.Pkgbuild.StartDirectory, entry.Source.Name), Path.Combine(cache.Path, entry.Source.Name) }
            .FirstOrDefault(File.Exists);

    private FetchedSource FindLocal(SourceEntry entry)
    {
        var path = Path.Combine(entry.Pkgbuild.StartDirectory, entry.Source.Name);
        return File.Exists(path) ? Found(entry, path)
            : Directory.Exists(path) ? throw Missing(entry, $"{path} is a directory: a local source is a file")
            : throw Missing(entry, $"{entry.Source.Name} was not found in the build directory and is not a URL: there is no {path}");
    }

    private FetchedSource FindFile(SourceEntry entry)
    {
        var path = BashPath.Native(Uri.UnescapeDataString(entry.Source.Url["file://".Length..]));
        return Path.IsPathFullyQualified(path) && File.Exists(path)
            ? Found(entry, path)
            : throw Missing(entry, $"Unable to find source file {path} (source '{entry.Source.Text}')");
    }

    private FetchedSource Found(SourceEntry entry, string path)
    {
        log.Detail($"Found {entry.Source.Name}");
        return new(entry, path);
    }

    private async Task<FetchedSource> FetchFileAsync(SourceEntry entry, CancellationToken cancellationToken)
    {
        var path = cache.FilePath(entry);
        using var held = await SourceCache.LockAsync(path, log, cancellationToken).ConfigureAwait(false);
        if (File.Exists(path))
        {
            var sums = await Checksums.OfFileAsync(path, entry.Kinds, cancellationToken).ConfigureAwait(false);
            if (entry.Compare(sums) is null)
            {
                return Found(entry, path) with { Sums = sums };
            }

            log.Warning($"{path} is damaged; downloading it again");
            File.Delete(path);
        }

        log.Detail($"Downloading {entry.Source.Name}...");
        return new(entry, path) { Sums = await DownloadAsync(entry, path, cancellationToken).ConfigureAwait(false) };
    }

    private async Task<IReadOnlyDictionary<ChecksumKind, string>> DownloadAsync(
        SourceEntry entry, string path, CancellationToken cancellationToken)
    {
        PartialFile part = new(path + ".part");
        while (true)
        {
            var resumed = await download.RunAsync(entry.Source, part, cancellationToken).ConfigureAwait(false);
            var sums = await Checksums.OfFileAsync(part.Path, entry.Kinds, cancellationToken).ConfigureAwait(false);
            if (entry.Compare(sums) is not { } wrong)
            {
                part.MoveTo(path);
                return sums;
            }

            // Nothing that is wrong stays behind as good, and a beginning that was there before may be what is wrong.
            part.Delete();
            if (!resumed)
            {
                throw wrong;
            }

            log.Warning($"{entry.Source.Name} is not what its sums say after resuming; downloading it anew");
        }
    }

    private static PkgbuildException Missing(SourceEntry entry, string message) => new(
        MakepkgExitCode.MissingFile, message, entry.Pkgbuild.Path, entry.Line);
}
