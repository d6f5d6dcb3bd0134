using System.Runtime.Versioning;
using Orchestrator.Processes.Windows.WorkDirectories;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// The work directory of one run. One that is never removed is only held; one that may be has a keeper, which removes it
/// also when we are ended.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class RunDirectory : IAsyncDisposable
{
    private readonly Removal removal;
    private HeldDirectory? hold;
    private KeeperProcess? keeper;

    private RunDirectory(Removal removal) => this.removal = removal;

    /// <summary>Makes it, or takes hold of it.</summary>
    /// <param name="path">Where; null for a run that has none.</param>
    /// <param name="run">Name of the run.</param>
    /// <param name="removal">When it is removed.</param>
    /// <param name="tell">Called when it is gone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkDirectoryException">It cannot be used.</exception>
    /// <exception cref="Supervisor.WorkDirectories.WorkDirectoryRefusedException">The same.</exception>
    internal static async Task<RunDirectory> OpenAsync(string? path, string run, Removal removal, Action<RunEvent> tell, CancellationToken cancellationToken)
    {
        var directory = new RunDirectory(removal);
        if (path is null)
        {
            return directory;
        }

        path = Path.GetFullPath(path);
        if (removal == Removal.Never)
        {
            directory.hold = HeldDirectory.Claim(path, run);
        }
        else
        {
            // What else the keeper tells is not of the run.
            directory.keeper = await KeeperProcess.StartAsync(path, happened => Forward(happened, tell), cancellationToken).ConfigureAwait(false);
        }

        return directory;
    }

    /// <summary>Removes it, if it is to be.</summary>
    /// <param name="wasCancelled">Whether the run was.</param>
    /// <returns>What could not be removed; empty if nothing was to be, or all is gone.</returns>
    internal async Task<IReadOnlyList<string>> EndAsync(bool wasCancelled)
    {
        var ending = keeper;
        keeper = null;
        if (ending is null)
        {
            return [];
        }

        if (removal == Removal.Always || wasCancelled)
        {
            return await ending.EndAsync(remove: true).ConfigureAwait(false);
        }

        await ending.LeaveMarkedAsync().ConfigureAwait(false);
        return [];
    }

    /// <summary>For a run that could not be started or failed: as for one that was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        hold?.Dispose();
        _ = await EndAsync(wasCancelled: true).ConfigureAwait(false);
    }

    private static void Forward(RunEvent happened, Action<RunEvent> tell)
    {
        if (happened is RunEvent.WorkDirectoryRemoved)
        {
            tell(happened);
        }
    }
}
