using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>The work directory of one build, with the keeper that removes it, and what people are told of that.</summary>
internal sealed class BuildDirectory : IAsyncDisposable
{
    private static readonly TimeSpan PatienceWithKeepers = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);
    private readonly BuildLog log;
    private bool sayWhenRemoved;

    private BuildDirectory(WorkDirectory directory, BuildLog log) => (Directory, this.log) = (directory, log);

    internal WorkDirectory Directory { get; }

    internal string Path => Directory.Path;

    /// <summary>Makes a work directory, after what dead builds have left in the same place has been removed.</summary>
    /// <exception cref="WorkDirectoryException">The work root cannot be used.</exception>
    /// <param name="root">The work root; null for the usual one.</param>
    /// <param name="name">The package.</param>
    /// <param name="resume">Wants the same path each time; null if any will do.</param>
    /// <param name="log">Told of what was removed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<BuildDirectory> CreateAsync(string? root, string name, ResumableBuild? resume, BuildLog log, CancellationToken cancellationToken)
    {
        var workRoot = WorkRoot.Open(root);
        var swept = await workRoot.SweepAsync(cancellationToken).ConfigureAwait(false);
        if (resume?.Identity is { } identity && !await IsFreeAsync(workRoot.PathOf(name, identity), workRoot, cancellationToken).ConfigureAwait(false))
        {
            resume.GiveUp($"{workRoot.PathOf(name, identity)} is in the way");
        }

        foreach (var path in swept.Removed)
        {
            log.Step($"Work directory of a build that died removed: {path}");
        }

        foreach (var problem in swept.Problems)
        {
            log.Warning(problem);
        }

        try
        {
            return new(await workRoot.CreateAsync(name, resume?.Identity, null, cancellationToken).ConfigureAwait(false), log);
        }
        catch (SupervisorException error) when (cancellationToken.IsCancellationRequested)
        {
            // The keeper was ended before it had begun to listen to signals.
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
    }

    // The keeper of a build that was killed may still be at work there, and what it ends may still write to the cache.
    private static async Task<bool> IsFreeAsync(string path, WorkRoot workRoot, CancellationToken cancellationToken)
    {
        var end = Environment.TickCount64 + (long)PatienceWithKeepers.TotalMilliseconds;
        while (System.IO.Directory.Exists(path))
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            // There is no event for a folder that another process removes and that may never go.
            await Task.Delay(LookEvery, cancellationToken).ConfigureAwait(false);
            _ = await workRoot.SweepAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Has people told that the directory is gone.</summary>
    internal void SayWhenRemoved() => sayWhenRemoved = true;

    /// <summary>Leaves the directory, and says where.</summary>
    internal async Task KeepAsync()
    {
        await Directory.LeaveAsync().ConfigureAwait(false);

        // The next build of the package wants the path for itself.
        var kept = $"{Path}.kept-{Guid.NewGuid().ToString("N")[..8]}";
        System.IO.Directory.Move(Path, kept);
        log.Step($"Work directory left: {kept}");
    }

    /// <summary>Removes the directory. What cannot be removed is said, and does not hide how the build itself ended.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Directory.RemoveAsync().ConfigureAwait(false);
            if (sayWhenRemoved)
            {
                log.Step($"Work directory removed: {Path}");
            }
        }
        catch (WorkDirectoryException error)
        {
            log.Warning(error.Message);
        }
    }
}
