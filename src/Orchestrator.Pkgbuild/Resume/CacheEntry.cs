namespace Orchestrator.Pkgbuild;

/// <summary>The part of the build cache that one package has, locked for one build. Its lock is dropped with the process that holds it.</summary>
internal sealed class CacheEntry : IDisposable
{
    // A clock is adjusted by less than this all the time.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private readonly FileLock fileLock;
    private readonly TimeProvider clock;
    private readonly string package;
    private readonly CancellationToken cancellation; // who cancels does not wait for what can be done another time

    private CacheEntry(BuildCache cache, string path, string package, FileLock fileLock, TimeProvider clock, CancellationToken cancellation) =>
        (Cache, Path, this.package, this.fileLock, this.clock, this.cancellation) = (cache, path, package, fileLock, clock, cancellation);

    /// <summary>The cache that it is in.</summary>
    internal BuildCache Cache { get; }

    /// <summary>Its folder.</summary>
    internal string Path { get; }

    /// <summary>How far the build before came; null if there was none, or if nothing of it is used.</summary>
    internal EntryPhase? Before { get; private set; }

    /// <summary>How large it was then, as far as anybody has counted.</summary>
    internal long BytesBefore { get; private set; }

    internal static string LockPath(string entry) => System.IO.Path.Combine(entry, "lock");

    /// <summary>Whether an entry holds nothing that was compiled.</summary>
    internal static bool IsEmpty(string path) => Directory.Exists(path) && Directory.GetDirectories(path).Length == 0;

    /// <summary>Whether a folder is an entry, and so ours to remove.</summary>
    internal static bool IsOne(string folder) => File.Exists(LockPath(folder)) || File.Exists(EntryState.PathIn(folder));

    /// <summary>Takes the entry of a package. What cannot be trusted in it is removed, and that is said.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="package">The <c>pkgbase</c>.</param>
    /// <param name="key">What decides whether the entry is the right one, as hexadecimal digits.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Told, in one line, why there is none, or why nothing of it is used.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>Null if the build has to do without.</returns>
    internal static async Task<CacheEntry?> OpenAsync(
        BuildCache cache, string package, string key, TimeProvider clock, BuildLog log, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(cache.Path, $"{package}-{key}");
        CacheEntry entry;
        try
        {
            using (await cache.LockAsync(cancellationToken).ConfigureAwait(false))
            {
                Directory.CreateDirectory(path);
                if (FileLock.TryAcquire(LockPath(path)) is not { } own)
                {
                    log.Warning($"another build of {package} is using its build cache: this one is built without");
                    return null;
                }

                entry = new(cache, path, package, own, clock, cancellationToken);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warning($"the build cache cannot be used, {package} is built without: {error.Message}");
            return null;
        }

        try
        {
            if (EntryState.Read(path) is { Format: > EntryState.CurrentFormat })
            {
                log.Warning($"the build cache of {package} was written by a newer version, it is built without: {path}");
                entry.Dispose();
                return null;
            }

            entry.Examine(log);
            entry.Write(EntryPhase.Building, 0);
            return entry;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Warning($"the build cache of {package} cannot be used, it is built without: {error.Message}");
            entry.Dispose();
            return null;
        }
    }

    /// <summary>Removes all that the entry holds.</summary>
    /// <exception cref="IOException">Something cannot be removed.</exception>
    internal void Clear()
    {
        Before = null;
        BytesBefore = 0;

        // First what says that the rest is any good.
        File.Delete(EntryState.PathIn(Path));
        foreach (var file in Directory.GetFiles(Path).Where(file => file != LockPath(Path)))
        {
            File.Delete(file);
        }

        foreach (var folder in Directory.GetDirectories(Path))
        {
            if (new DirectoryInfo(folder).LinkTarget is null)
            {
                Cache.Discard(folder, cancellation);
            }
            else
            {
                Directory.Delete(folder);
            }
        }
    }

    /// <summary>Says how far the build came.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(EntryPhase phase, long bytes) =>
        new EntryState(EntryState.CurrentFormat, package, phase, EntryState.CurrentBoot, clock.GetUtcNow().ToUnixTimeMilliseconds(), bytes).Write(Path);

    /// <summary>Gives the entry back.</summary>
    public void Dispose() => fileLock.Dispose();

    private void Examine(BuildLog log)
    {
        var state = EntryState.Read(Path);
        var problem = state switch
        {
            null => Directory.EnumerateFileSystemEntries(Path).All(file => file == LockPath(Path)) ? null : "it is damaged",
            { Format: not EntryState.CurrentFormat } => "an older version wrote it",
            { Used: var used } when used - clock.GetUtcNow().ToUnixTimeMilliseconds() > ClockTolerance.TotalMilliseconds => "the clock was set back since it was used",
            { Phase: EntryPhase.Building } when state.Boot != EntryState.CurrentBoot => "the machine went down while a build wrote it",
            _ => null,
        };
        (Before, BytesBefore) = (state?.Phase, state?.Bytes ?? 0);
        if (problem is not null)
        {
            log.Warning($"nothing of the build cache of {package} is used: {problem}");
            Clear();
        }
    }
}
