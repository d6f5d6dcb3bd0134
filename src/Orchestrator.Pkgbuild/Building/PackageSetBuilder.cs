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
    private static readonly string[] DependencyArrays = ["depends", "makedepends", "checkdepends"];

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
        var read = await ReadAsync(paths, Add, cancel).ConfigureAwait(false);
        var ordered = DependencyOrder.Sort(read, options.Architecture);
        LocalPackages packages = new(ordered, options.Architecture);
        HashSet<Pkgbuild> missing = new(ReferenceEqualityComparer.Instance);
        var present = options.LocalPackages.ToHashSet(StringComparer.Ordinal);
        foreach (var pkgbuild in ordered)
        {
            var row = Needed(pkgbuild, packages).FirstOrDefault(missing.Contains) is { } needed
                ? Skip(pkgbuild, $"{needed.BaseName}, which it needs, was not built", TimeSpan.Zero)
                : await BuildOneAsync(pkgbuild, options with { LocalPackages = present }, Add, cancel, kill).ConfigureAwait(false);
            Add(row);
            if (row.Result is null)
            {
                missing.Add(pkgbuild);
            }
            else
            {
                present.UnionWith(NamesOf(pkgbuild));
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
        PkgbuildReadOptions reading = new() { Architecture = options.Architecture, Events = buildLog.NarrateReading };
        foreach (var path in paths)
        {
            var began = options.TimeProvider.GetTimestamp();
            try
            {
                read.Add(await PkgbuildReader.ReadAsync(path, reading, cancel).ConfigureAwait(false));
            }
            catch (PkgbuildException error)
            {
                add(Fail(path, error, began));
            }
            catch (OperationCanceledException error)
            {
                buildLog.Cancelling();
                throw new OperationCanceledException(RunNarration.Error(RunEnd.Cancelled), error, cancel);
            }
        }

        return read;
    }

    private async Task<BuildSummaryRow> BuildOneAsync(
        Pkgbuild pkgbuild, BuildOptions buildOptions, Action<BuildSummaryRow> add, CancellationToken cancel, CancellationToken kill)
    {
        var began = options.TimeProvider.GetTimestamp();
        try
        {
            var result = await new PackageBuilder(buildOptions, log).BuildAsync(pkgbuild, cancel, kill).ConfigureAwait(false);
            return new(
                pkgbuild.BaseName, result.IsUpToDate ? BuildOutcome.UpToDate : BuildOutcome.Built, result.Duration, result.Version, Result: result);
        }
        catch (MissingDependenciesException error) when (options.SkipMissingDependencies)
        {
            return Skip(pkgbuild, $"missing: {string.Join(", ", error.Missing)}", options.TimeProvider.GetElapsedTime(began));
        }
        catch (PkgbuildException error)
        {
            return Fail(pkgbuild.BaseName, error, began) with { Version = pkgbuild.Version };
        }
        catch (OperationCanceledException)
        {
            add(new(pkgbuild.BaseName, BuildOutcome.Cancelled, options.TimeProvider.GetElapsedTime(began), pkgbuild.Version));
            throw;
        }
    }

    private BuildSummaryRow Skip(Pkgbuild pkgbuild, string reason, TimeSpan duration)
    {
        buildLog.Step($"Skipping {pkgbuild.BaseName} {pkgbuild.Version}: {reason}");
        return new(pkgbuild.BaseName, BuildOutcome.Skipped, duration, pkgbuild.Version, reason);
    }

    private BuildSummaryRow Fail(string name, PkgbuildException error, long began)
    {
        buildLog.Error(error);
        return new(name, BuildOutcome.Failed, options.TimeProvider.GetElapsedTime(began), Reason: Printable.OneLine(error.Message), Error: error);
    }

    private IEnumerable<Pkgbuild> Needed(Pkgbuild pkgbuild, LocalPackages packages) =>
        from scope in LocalPackages.Scopes(pkgbuild)
        from array in DependencyArrays
        from dependency in scope.Array(array, options.Architecture)
        from needed in packages.Find(Dependency.Parse(dependency))
        where !ReferenceEquals(needed, pkgbuild)
        select needed;

    private IEnumerable<string> NamesOf(Pkgbuild pkgbuild) => LocalPackages.Scopes(pkgbuild)
        .SelectMany(scope => scope.Array("provides", options.Architecture))
        .Select(provided => Dependency.Parse(provided).Name)
        .Concat(pkgbuild.Names);
}
