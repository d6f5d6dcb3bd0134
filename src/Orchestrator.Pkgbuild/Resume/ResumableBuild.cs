using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// What a package build has to do with the build cache: which entry it has, what its functions are told of it, how far it has
/// come, and what was reused. Whatever goes wrong here is said in one line, and the build goes on without a cache.
/// </summary>
internal sealed class ResumableBuild : IAsyncDisposable
{
    /// <summary>The environment variable in which scripts find the cache entry.</summary>
    internal const string EntryVariable = "ORCHESTRATOR_CACHE_ENTRY";

    private const int IdentityLength = 12;
    private const long LowSpace = 64 << 20; // bytes
    private const int RestPerLook = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly Dictionary<string, string?> NoEntry = new(StringComparer.Ordinal) { [EntryVariable] = null };

    private readonly Pkgbuild pkgbuild;
    private readonly BuildOptions options;
    private readonly BuildLog log;
    private readonly CacheEntry? entry;
    private readonly BuildProgress? progress;
    private readonly SemaphoreSlim writing = new(1);
    private readonly long limit;
    private readonly CancellationToken cancel;
    private readonly Dictionary<string, CargoHarvest> harvests = new(StringComparer.Ordinal); // by the folder that cargo compiles to
    private string? tools;
    private bool sawDamage;
    private bool sawDiskFail;
    private bool isInUse;

    // Whether functions, since the sources were extracted, were told of the entry: what they have made may lead there.
    private bool isTold;

    private ResumableBuild(Pkgbuild pkgbuild, BuildOptions options, BuildLog log, CacheEntry? entry, string? key, long limit, CancellationToken cancel)
    {
        (this.pkgbuild, this.options, this.log, this.entry, this.limit, this.cancel, Identity) = (pkgbuild, options, log, entry, limit, cancel, key?[..IdentityLength]);
        progress = entry is null ? null : new(entry.Path, options.TimeProvider);
        isInUse = entry is not null;
    }

    /// <summary>What the name of the work directory ends in, so that each build of the package has the same path; null if any will do.</summary>
    internal string? Identity { get; private set; }

    /// <summary>What the functions find in their environment.</summary>
    internal IReadOnlyDictionary<string, string?> Variables { get; private set; } = NoEntry;

    /// <summary>What was reused; null if nothing was compiled.</summary>
    internal BuildReuse? Reuse { get; private set; }

    /// <summary>Takes the entry of a package, if there is a cache and it can be used. If not, that has been said.</summary>
    internal static async Task<ResumableBuild> OpenAsync(Pkgbuild pkgbuild, BuildOptions options, BuildLog log, CancellationToken cancellationToken)
    {
        if (options.NoBuildCache || OperatingSystem.IsWindows() || BuildCache.Locate(options.BuildCache) is not { } cache)
        {
            return new(pkgbuild, options, log, null, null, 0, cancellationToken);
        }

        var limit = BuildCache.Limit(options.BuildCacheLimit);
        var key = CacheKey.Of(pkgbuild, options, WorkRoot.Open(options.WorkRoot).Path);
        var entry = await CacheEntry.OpenAsync(cache, pkgbuild.BaseName, key, options.TimeProvider, log, cancellationToken).ConfigureAwait(false);
        return new(pkgbuild, options, log, entry, entry is null ? null : key, limit, cancellationToken);
    }

    /// <summary>Puts the cache into the way of what compiles. The work directory is there.</summary>
    internal void Attach(WorkLayout layout, ToolPath programs) => Guard(() =>
    {
        tools = layout.Tools;
        RemoveUnfinished();
        CargoUnits.In(entry!.Path).ToList().ForEach(units => units.RemoveOutside(layout.SourceDirectory));
        if (!InstalledPackages.AreKnownIn(entry.Path))
        {
            CargoUnits.In(entry.Path).ToList().ForEach(units => units.RemoveFindings());
            InstalledPackages.Remember(entry.Path);
        }

        progress!.Begin(entry.Before is EntryPhase.Done);
        Variables = new Dictionary<string, string?>(ToolShims.Install(tools, entry.Path, programs, pkgbuild, options), StringComparer.Ordinal)
        {
            [EntryVariable] = entry.Path,
            ["ORCHESTRATOR_SRCDIR"] = layout.SourceDirectory, // srcdir itself is a name that Makefiles use
        };
    });

    /// <summary>Gives sources their times, and says what is there already. All is there that <c>build()</c> finds.</summary>
    internal Task BeginAsync(WorkLayout layout, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var sources = layout.SourceDirectory;
        // Where there is no package of cargo yet, there may be one later, of which nobody knows what it was before.
        if (!SourceTimes.HaveManifest(sources) || !await new SourceTimes(entry!.Path).ApplyAsync(sources, cancellationToken).ConfigureAwait(false))
        {
            CargoUnits.In(entry!.Path).ToList().ForEach(units => units.RemoveLocal(sources));
        }

        ToolShims.MarkSources(tools!);
        var compiled = progress!.FindCompiled();
        if (compiled.Count > 0 && entry!.Before is not EntryPhase.Done)
        {
            log.Step($"Resuming {pkgbuild.BaseName}: {string.Join(", ", compiled)} already built");
        }
    });

    /// <summary>Records how far a function comes while it runs.</summary>
    internal async Task<T> FollowAsync<T>(string function, Task<T> running)
    {
        isTold |= isInUse && tools is not null;
        while (!running.IsCompleted && isInUse)
        {
            var began = options.TimeProvider.GetTimestamp();
            await RecordAsync(function).ConfigureAwait(false);
            // The delay is how often the record is brought up to date, less often where that is much work; the end of the function ends the wait.
            var took = options.TimeProvider.GetElapsedTime(began);
            await Task.WhenAny(running, Task.Delay(took * RestPerLook > LookEvery ? took * RestPerLook : LookEvery)).ConfigureAwait(false);
        }

        await RecordAsync(function).ConfigureAwait(false);
        return await running.ConfigureAwait(false);
    }

    /// <summary>Looks at what compilers print, for what tells of a damaged file or a disk that fails.</summary>
    internal void Watch(string line)
    {
        // Each stream has a thread: what another one saw is not written over.
        if (isInUse && DamageSigns.Match(line))
        {
            sawDamage = true;
        }

        if (isInUse && DamageSigns.MatchDisk(line))
        {
            sawDiskFail = true;
        }
    }

    /// <summary>Whether it may be due to the cache that a function failed. Then it is not used any more, and that is said.</summary>
    internal bool TakesTheBlame()
    {
        if (!isTold)
        {
            return false;
        }

        var reason = !isInUse ? "" // has been said
            : SpaceIsLow() ? "there is little space left for it"
            : sawDiskFail ? "a disk was full, or failed"
            : entry!.Before is null ? null
            : sawDamage ? "something in it seems to be damaged"
            : entry.Before is EntryPhase.Building && progress!.Reuse is { IsAny: true } ? "the build that wrote it was killed"
            : null;
        if (reason is null)
        {
            return false;
        }

        isTold = false;
        if (!isInUse)
        {
            log.Step($"{pkgbuild.BaseName} failed after its build cache was given up; all is compiled anew");
        }

        try
        {
            entry!.Clear();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What is left is as a build that was killed leaves it.
        }

        GiveUp($"it failed with it, and {reason}; all is compiled anew");
        return true;
    }

    /// <summary>Does without from now on, and says why.</summary>
    internal void GiveUp(string reason)
    {
        if (isInUse)
        {
            log.Warning($"{pkgbuild.BaseName} is built without its build cache: {reason}");
        }

        isInUse = false;
        Variables = NoEntry;
        Identity = null;
    }

    /// <summary>All functions have succeeded.</summary>
    internal async Task FinishAsync()
    {
        await RecordAsync("done").ConfigureAwait(false);
        Reuse = progress?.Reuse;
        if (isInUse && Reuse is { IsAny: true } reuse)
        {
            log.Step($"Reused from an earlier build: {reuse}");
        }

        Guard(() => progress!.End());
        Guard(() => CargoUnits.RemoveOthers(entry!.Path, [.. ToolShims.Restored(tools!).Select(folder => folder.Kept.Split('/')[0])]));
        Guard(() => entry!.Write(EntryPhase.Done, FilesBelow.Size(entry.Path, cancel)));
        isInUse = false;
    }

    /// <summary>Gives the entry back, and removes what was used longest ago if the cache has grown too large. Who cancels does not wait for that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (tools is not null)
        {
            await RecordAsync("interrupted").ConfigureAwait(false);
        }

        // A build that ended before it had extracted anything has changed nothing.
        Guard(() => entry!.Write(tools is not null ? EntryPhase.Interrupted : entry.Before ?? EntryPhase.Interrupted, entry.BytesBefore));
        isInUse = false;
        entry?.Dispose();
        writing.Dispose();
        if (entry is not null)
        {
            await entry.Cache.TidyAsync(entry.Path, cancel.IsCancellationRequested ? null : limit, cancel).ConfigureAwait(false);
        }
    }

    private void RemoveUnfinished()
    {
        if (CargoUnits.In(entry!.Path).ToList().Exists(units => units.RemoveUnfinished()))
        {
            log.Warning($"nothing of the build cache of {pkgbuild.BaseName} is used: something in it was changed after it was compiled");
            entry.Clear();
            entry.Write(EntryPhase.Building, 0);
        }
    }

    private async Task RecordAsync(string phase)
    {
        await writing.WaitAsync().ConfigureAwait(false);
        try
        {
            Guard(() =>
            {
                Harvest();
                progress!.Update(phase);
            });
        }
        finally
        {
            writing.Release();
        }
    }

    private void Harvest()
    {
        // Before it is attached, nothing is compiled.
        var folders = tools is null ? [] : ToolShims.Restored(tools);
        foreach (var (work, kept) in folders.GroupBy(folder => folder.Work, StringComparer.Ordinal).Select(same => same.Last()))
        {
            var path = Path.Combine(entry!.Path, "cargo", kept);
            if (harvests.GetValueOrDefault(work)?.Kept != path)
            {
                harvests[work] = new(work, path);
            }

            harvests[work].Take();
        }
    }

    private bool SpaceIsLow()
    {
        try
        {
            return new DriveInfo(entry!.Path).AvailableFreeSpace < LowSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private void Guard(Action action)
    {
        try
        {
            if (isInUse)
            {
                action();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GiveUp(error.Message);
        }
    }

    private async Task GuardAsync(Func<Task> action)
    {
        try
        {
            if (isInUse)
            {
                await action().ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            GiveUp(error.Message);
        }
    }
}
