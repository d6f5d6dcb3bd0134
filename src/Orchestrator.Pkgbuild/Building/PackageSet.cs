namespace Orchestrator.Pkgbuild;

/// <summary>
/// Packages that are built one by one, each after those that it needs: who needs whom, what is there by now, and what has to be
/// passed over since something that it needs was not built.
/// </summary>
public sealed class PackageSet
{
    private static readonly string[] DependencyArrays = ["depends", "makedepends", "checkdepends"];

    private readonly BuildOptions options;
    private readonly Action<BuildMessage> log;
    private readonly BuildLog buildLog;
    private readonly LocalPackages packages;
    private readonly HashSet<Pkgbuild> missing = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> present;

    /// <summary>Puts packages into an order; nothing is built yet.</summary>
    /// <param name="pkgbuilds">What was read, in any order.</param>
    /// <param name="options">How to build.</param>
    /// <param name="log">Takes each line as it comes, from whatever thread, one at a time; errors too.</param>
    /// <exception cref="PkgbuildException">There is no order: packages need each other, or two have one name.</exception>
    public PackageSet(IEnumerable<Pkgbuild> pkgbuilds, BuildOptions options, Action<BuildMessage> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.log = log;
        buildLog = new(log);
        Ordered = DependencyOrder.Sort(pkgbuilds, options.Architecture);
        packages = new(Ordered, options.Architecture);
        present = options.LocalPackages.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The packages, each after those that it needs.</summary>
    public IReadOnlyList<Pkgbuild> Ordered { get; }

    /// <summary>Those of the set that a package needs, each once: its <c>depends</c>, <c>makedepends</c> and <c>checkdepends</c>.</summary>
    /// <param name="pkgbuild">One of the set.</param>
    /// <returns>Others of the set.</returns>
    public IEnumerable<Pkgbuild> NeededBy(Pkgbuild pkgbuild) =>
        (from scope in LocalPackages.Scopes(pkgbuild)
         from array in DependencyArrays
         from dependency in scope.Array(array, options.Architecture)
         from needed in packages.Find(Dependency.Parse(dependency))
         where !ReferenceEquals(needed, pkgbuild)
         select needed).Distinct();

    /// <summary>Builds one. Those that it needs come first, if they are to be built at all.</summary>
    /// <param name="pkgbuild">One of the set.</param>
    /// <param name="cancel">Cancels the build: what runs is ended, and its work directory removed, before this returns.</param>
    /// <param name="kill">Ends the grace period of what <paramref name="cancel"/> is ending.</param>
    /// <returns>What became of it. A failure is in it, not thrown.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing of it is alive, and its work directory is gone.</exception>
    public async Task<BuildSummaryRow> BuildAsync(Pkgbuild pkgbuild, CancellationToken cancel = default, CancellationToken kill = default)
    {
        ArgumentNullException.ThrowIfNull(pkgbuild);
        var row = NeededBy(pkgbuild).FirstOrDefault(missing.Contains) is { } needed
            ? Skip(pkgbuild, $"{needed.BaseName}, which it needs, was not built", TimeSpan.Zero)
            : await TryBuildAsync(pkgbuild, cancel, kill).ConfigureAwait(false);
        if (row.Result is null)
        {
            missing.Add(pkgbuild);
        }
        else
        {
            present.UnionWith(NamesOf(pkgbuild));
        }

        return row;
    }

    /// <summary>A row for what could not be built, and tells of it.</summary>
    internal static BuildSummaryRow Fail(BuildLog log, string name, PkgbuildException error, TimeSpan duration)
    {
        log.Error(error);
        return new(name, BuildOutcome.Failed, duration, Reason: Printable.OneLine(error.Message), Error: error);
    }

    private async Task<BuildSummaryRow> TryBuildAsync(Pkgbuild pkgbuild, CancellationToken cancel, CancellationToken kill)
    {
        var began = options.TimeProvider.GetTimestamp();
        try
        {
            var result = await new PackageBuilder(options with { LocalPackages = present }, log).BuildAsync(pkgbuild, cancel, kill).ConfigureAwait(false);
            return new(
                pkgbuild.BaseName, result.IsUpToDate ? BuildOutcome.UpToDate : BuildOutcome.Built, result.Duration, result.Version, Result: result);
        }
        catch (MissingDependenciesException error) when (options.SkipMissingDependencies)
        {
            return Skip(pkgbuild, $"missing: {string.Join(", ", error.Missing)}", options.TimeProvider.GetElapsedTime(began));
        }
        catch (PkgbuildException error)
        {
            return Fail(buildLog, pkgbuild.BaseName, error, options.TimeProvider.GetElapsedTime(began)) with { Version = pkgbuild.Version };
        }
    }

    private BuildSummaryRow Skip(Pkgbuild pkgbuild, string reason, TimeSpan duration)
    {
        buildLog.Step($"Skipping {pkgbuild.BaseName} {pkgbuild.Version}: {reason}");
        return new(pkgbuild.BaseName, BuildOutcome.Skipped, duration, pkgbuild.Version, reason);
    }

    private IEnumerable<string> NamesOf(Pkgbuild pkgbuild) => LocalPackages.Scopes(pkgbuild)
        .SelectMany(scope => scope.Array("provides", options.Architecture))
        .Select(provided => Dependency.Parse(provided).Name)
        .Concat(pkgbuild.Names);
}
