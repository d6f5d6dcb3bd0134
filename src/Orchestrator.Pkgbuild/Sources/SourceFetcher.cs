namespace Orchestrator.Pkgbuild;

/// <summary>Gets sources onto this machine: local ones where they are, others into the cache.</summary>
internal sealed class SourceFetcher(SourceCache cache, GitRepository git, HttpDownload download, BuildLog log)
{
    /// <summary>Gets one source.</summary>
    /// <exception cref="PkgbuildException">It cannot be had, or what is had is not what the sums say.</exception>
    internal Task<FetchedSource> FetchAsync(SourceEntry entry, CancellationToken cancellationToken) => entry.Source.Protocol switch
    {
        SourceProtocol.Git => git.FetchAsync(entry, cancellationToken),
        SourceProtocol.Http when Beside(entry) is { } path => Task.FromResult(Found(entry, path)),
        SourceProtocol.Http => FetchFileAsync(entry, cancellationToken),
        SourceProtocol.File when Beside(entry) is { } path => Task.FromResult(Found(entry, path)),
        SourceProtocol.File => Task.FromResult(FindFile(entry)),
        _ => Task.FromResult(FindLocal(entry)),
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
        var path = Uri.UnescapeDataString(entry.Source.Url["file://".Length..]);
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
        MakepkgExitCode.MissingFile, message, entry.Pkgbuild.Path, entry.Pkgbuild.LineOf(entry.Array));
}
