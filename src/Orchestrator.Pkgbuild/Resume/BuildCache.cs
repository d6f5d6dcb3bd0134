using System.Globalization;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Where what packages have compiled is kept between builds, so that a build that was cancelled is gone on with. It lies
/// outside of work directories, one entry for each package, and what was used longest ago goes when it grows too large.
/// </summary>
public sealed class BuildCache
{
    /// <summary>Names another folder than <c>orchestrator/builds</c> in the user's cache folder; <c>off</c> is none.</summary>
    public const string Variable = "ORCHESTRATOR_CACHE";

    /// <summary>How large the whole may grow: bytes, or a number with <c>K</c>, <c>M</c>, <c>G</c> or <c>T</c> (powers of 1024).</summary>
    public const string LimitVariable = "ORCHESTRATOR_CACHE_LIMIT";

    /// <summary>The largest size in bytes if nobody says another one: 10 GiB.</summary>
    public const long DefaultLimit = 10L << 30;

    private const string TrashPrefix = ".trash-";

    private BuildCache(string path) => Path = path;

    /// <summary>Its full path. It need not exist.</summary>
    public string Path { get; }

    /// <summary>Finds the cache.</summary>
    /// <param name="path">Null for <c>$ORCHESTRATOR_CACHE</c>, else <c>orchestrator/builds</c> in the user's cache folder (<c>$XDG_CACHE_HOME</c>, else <c>~/.cache</c>).</param>
    /// <returns>The cache; null if it is switched off.</returns>
    public static BuildCache? Locate(string? path = null)
    {
        var chosen = path ?? Environment.GetEnvironmentVariable(Variable);
        return chosen is "off" ? null
            : new(System.IO.Path.GetFullPath(string.IsNullOrEmpty(chosen) ? System.IO.Path.Combine(UserFolders.Cache, "orchestrator", "builds") : chosen));
    }

    /// <summary>Removes all of it but what a build is using at this moment.</summary>
    /// <param name="cancellationToken">Stops. An entry goes from its place in one step; what is left of its files goes when the cache is next tidied.</param>
    /// <returns>The paths of what was removed, and what could not be, with the reason.</returns>
    public async Task<(IReadOnlyList<string> Removed, IReadOnlyList<string> Problems)> RemoveAsync(CancellationToken cancellationToken = default)
    {
        List<string> removed = [];
        List<string> problems = [];
        try
        {
            foreach (var entry in Entries())
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    (await TryRemoveAsync(entry, cancellationToken).ConfigureAwait(false) ? removed : problems).Add(entry);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    problems.Add($"{entry}: {error.Message}");
                }
            }

            RemoveTrash(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{Path}: {error.Message}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (removed, [.. problems.Select(problem => problem.Contains(": ", StringComparison.Ordinal) ? problem : $"{problem}: a build is using it")]);
    }

    /// <summary>How large the cache may be.</summary>
    /// <param name="given">In bytes; null for the variable, else the default.</param>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.ConfigurationError"/>: the variable is not a size.</exception>
    internal static long Limit(long? given)
    {
        if (given is { } bytes)
        {
            return bytes;
        }

        var text = Environment.GetEnvironmentVariable(LimitVariable);
        if (string.IsNullOrEmpty(text))
        {
            return DefaultLimit;
        }

        var unit = "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        return long.TryParse(unit < 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= long.MaxValue >> (10 * (unit + 1))
            ? number << (10 * (unit + 1))
            : throw new PkgbuildException(MakepkgExitCode.ConfigurationError, $"{LimitVariable} must be a number of bytes, or one with K, M, G or T, not '{text}'");
    }

    /// <summary>Taken for the moment in which an entry is taken or removed, so that nobody takes one that is going.</summary>
    /// <exception cref="IOException">The folder cannot be written, or its file system has no locks.</exception>
    internal Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path);
        return FileLock.AcquireAsync(System.IO.Path.Combine(Path, ".lock"), static () => { }, cancellationToken);
    }

    /// <summary>
    /// Removes an entry that nothing was compiled into, and what was used longest ago until the rest is small enough. What is
    /// in use stays; what cannot be removed is left to the next build.
    /// </summary>
    /// <param name="entry">One that a build has just given back.</param>
    /// <param name="limit">How large the whole may be, in bytes; null to look at this one alone.</param>
    /// <param name="cancellationToken">Leaves the rest to the next build.</param>
    internal async Task TidyAsync(string entry, long? limit, CancellationToken cancellationToken)
    {
        try
        {
            if (CacheEntry.IsEmpty(entry))
            {
                await TryRemoveAsync(entry, CancellationToken.None).ConfigureAwait(false);
            }

            if (limit is { } bytes)
            {
                await ShrinkAsync(bytes, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // It is not what this build was about.
        }
    }

    /// <summary>Removes a folder of an entry: from its place in one step, then its files, until that is stopped.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    internal void Discard(string folder, CancellationToken cancellationToken)
    {
        var trash = NewTrash();
        try
        {
            Directory.Move(folder, trash);
        }
        catch (IOException)
        {
            // A disk may be too full even for another name.
            Directory.Delete(folder, recursive: true);
            return;
        }

        RemoveTrash(trash, cancellationToken);
    }

    private async Task ShrinkAsync(long limit, CancellationToken cancellationToken)
    {
        RemoveTrash(cancellationToken);
        var entries = Entries().Select(path => (Path: path, State: EntryState.Read(path)))
            .Select(entry => (entry.Path, Used: entry.State?.Used ?? 0, Bytes: entry.State is { Phase: EntryPhase.Done, Bytes: var bytes } ? bytes : FilesBelow.Size(entry.Path, cancellationToken)))
            .OrderBy(entry => entry.Used)
            .ToList();
        var total = entries.Sum(entry => entry.Bytes);
        foreach (var entry in entries)
        {
            if (total > limit && await TryRemoveAsync(entry.Path, cancellationToken).ConfigureAwait(false))
            {
                total -= entry.Bytes;
            }
        }
    }

    private IEnumerable<string> Entries() => Directory.Exists(Path)
        ? Directory.GetDirectories(Path).Where(folder => System.IO.Path.GetFileName(folder)[0] != '.' && CacheEntry.IsOne(folder))
        : [];

    private async Task<bool> TryRemoveAsync(string entry, CancellationToken cancellationToken)
    {
        var trash = NewTrash();
        using (await LockAsync(cancellationToken).ConfigureAwait(false))
        {
            using var own = FileLock.TryAcquire(CacheEntry.LockPath(entry));
            if (own is null)
            {
                return false;
            }

            // In one step: what is killed in the middle of removing leaves no half of an entry.
            Directory.Move(entry, trash);
        }

        RemoveTrash(trash, cancellationToken);
        return true;
    }

    private string NewTrash() => System.IO.Path.Combine(Path, TrashPrefix + Guid.NewGuid().ToString("N"));

    private void RemoveTrash(CancellationToken cancellationToken)
    {
        foreach (var trash in Directory.Exists(Path) ? Directory.GetDirectories(Path, TrashPrefix + "*") : [])
        {
            RemoveTrash(trash, cancellationToken);
        }
    }

    private static void RemoveTrash(string folder, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                if (file is DirectoryInfo { LinkTarget: null })
                {
                    RemoveTrash(file.FullName, cancellationToken);
                }
                else
                {
                    file.Delete();
                }
            }

            if (!cancellationToken.IsCancellationRequested)
            {
                Directory.Delete(folder);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else removes it, too.
        }
    }
}
