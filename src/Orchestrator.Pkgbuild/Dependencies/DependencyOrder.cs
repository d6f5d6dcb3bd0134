namespace Orchestrator.Pkgbuild;

/// <summary>Puts packages into an order in which each comes after those that it needs.</summary>
public static class DependencyOrder
{
    private static readonly string[] Fields = ["depends", "makedepends", "checkdepends"];

    /// <summary>
    /// Sorts by depends, makedepends and checkdepends. A name is looked for among the packages themselves, then among what
    /// they provide; of several, those with an accepted version count, or all if none has one. What none of them is or
    /// provides does not matter here, nor does a package's need of itself.
    /// </summary>
    /// <param name="pkgbuilds">The packages, in any order; the same file twice counts once.</param>
    /// <param name="architecture">Whose <c>depends_ARCH</c> count; null is <see cref="MachineArchitecture.Current"/>.</param>
    /// <returns>The same packages. Of those that could come next, the one whose name is first in ordinal order does.</returns>
    /// <exception cref="PkgbuildException">
    /// <see cref="MakepkgExitCode.PkgbuildError"/>: packages need each other in a circle, or two of them have one name.
    /// </exception>
    public static IReadOnlyList<Pkgbuild> Sort(IEnumerable<Pkgbuild> pkgbuilds, string? architecture = null)
    {
        architecture ??= MachineArchitecture.Current;
        List<Pkgbuild> waiting = [.. pkgbuilds.DistinctBy(pkgbuild => pkgbuild.Path).OrderBy(pkgbuild => pkgbuild.BaseName, StringComparer.Ordinal)];
        LocalPackages packages = new(waiting, architecture);
        Dictionary<Pkgbuild, List<Need>> needs = new(ReferenceEqualityComparer.Instance);
        foreach (var pkgbuild in waiting)
        {
            needs[pkgbuild] = [.. NeedsOf(pkgbuild, packages, architecture)];
        }

        List<Pkgbuild> sorted = [];
        HashSet<Pkgbuild> done = new(ReferenceEqualityComparer.Instance);
        while (waiting.Count > 0)
        {
            var next = waiting.Find(pkgbuild => needs[pkgbuild].TrueForAll(need => done.Contains(need.Pkgbuild)))
                ?? throw Circle(waiting[0], needs, done);
            waiting.Remove(next);
            done.Add(next);
            sorted.Add(next);
        }

        return sorted;
    }

    private static IEnumerable<Need> NeedsOf(Pkgbuild pkgbuild, LocalPackages packages, string architecture) =>
        from field in Fields
        from scope in LocalPackages.Scopes(pkgbuild)
        from text in scope.Array(field, architecture)
        from other in packages.Find(Dependency.Parse(text))
        where !ReferenceEquals(other, pkgbuild)
        select new Need(other, field);

    // Every package that waits needs one that waits: whoever follows these needs comes round.
    private static PkgbuildException Circle(Pkgbuild start, Dictionary<Pkgbuild, List<Need>> needs, HashSet<Pkgbuild> done)
    {
        List<Pkgbuild> path = [];
        List<Need> steps = [];
        var current = start;
        while (!path.Exists(pkgbuild => ReferenceEquals(pkgbuild, current)))
        {
            path.Add(current);
            steps.Add(needs[current].First(need => !done.Contains(need.Pkgbuild)));
            current = steps[^1].Pkgbuild;
        }

        var begin = path.FindIndex(pkgbuild => ReferenceEquals(pkgbuild, current));
        var circle = path[begin..].Zip(steps[begin..], (pkgbuild, need) => $"{pkgbuild.BaseName} needs {need.Pkgbuild.BaseName} ({need.Field})");
        return new(
            MakepkgExitCode.PkgbuildError,
            $"packages need each other in a circle: {Printable.OneLine(string.Join(", ", circle))}; one of these must go",
            current.Path,
            current.LineOf(steps[begin].Field));
    }

    private sealed record Need(Pkgbuild Pkgbuild, string Field);
}
