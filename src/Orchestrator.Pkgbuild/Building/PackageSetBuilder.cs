using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Builds any number of PKGBUILDs, each after those that it needs. One that fails does not keep the others from being built,
/// but for those that need it.
/// </summary>
/// <param name="options">How to build.</param>
/// <param name="log">Takes each line as it comes, from whatever thread, one at a time; errors too, for they do not end the whole.</param>
/// <param name="done">Called with each row of the summary when it is certain, also when the whole is cancelled; null for nothing.</param>
public sealed class PackageSetBuilder(BuildOptions options, Action<BuildMessage> log, Action<BuildSummaryRow>? done = null)
{
    private readonly BuildLog buildLog = new(log);

    /// <summary>Builds the packages of PKGBUILDs.</summary>
    /// <param name="paths">The PKGBUILDs, or the folders that they are in, in any order.</param>
    /// <param name="cancel">Cancels the whole: what runs is ended, and its work directory removed, before this returns.</param>
    /// <param name="kill">Ends the grace period of what <paramref name="cancel"/> is ending.</param>
    /// <returns>What became of each. Failures are in it, not thrown.</returns>
    /// <exception cref="PkgbuildException">There is no order: packages need each other, or two have one name.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing of it is alive, and no work directory is left.</exception>
    public async Task<BuildSummary> BuildAsync(IEnumerable<string> paths, CancellationToken cancel = default, CancellationToken kill = default)
    {
        List<BuildSummaryRow> rows = [];
        PackageSet packages = new(await ReadAsync(paths, Add, cancel).ConfigureAwait(false), options, log);
        foreach (var pkgbuild in packages.Ordered)
        {
            var began = options.TimeProvider.GetTimestamp();
            try
            {
                Add(await packages.BuildAsync(pkgbuild, cancel, kill).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                Add(new(pkgbuild.BaseName, BuildOutcome.Cancelled, options.TimeProvider.GetElapsedTime(began), pkgbuild.Version));
                throw;
            }
        }

        return new(rows);

        void Add(BuildSummaryRow row)
        {
            rows.Add(row);
            done?.Invoke(row);
        }
    }

    private async Task<List<Pkgbuild>> ReadAsync(IEnumerable<string> paths, Action<BuildSummaryRow> add, CancellationToken cancel)
    {
        List<Pkgbuild> read = [];
        PkgbuildReadOptions reading = new() { Architecture = options.Architecture, AllowNetwork = true, Events = buildLog.NarrateReading };
        foreach (var path in paths)
        {
            var began = options.TimeProvider.GetTimestamp();
            try
            {
                read.Add(await PkgbuildReader.ReadAsync(path, reading, cancel).ConfigureAwait(false));
            }
            catch (PkgbuildException error)
            {
                add(PackageSet.Fail(buildLog, path, error, options.TimeProvider.GetElapsedTime(began)));
            }
            catch (OperationCanceledException error)
            {
                buildLog.Cancelling();
                throw new OperationCanceledException(RunNarration.Error(RunEnd.Cancelled), error, cancel);
            }
        }

        return read;
    }
}
