namespace Orchestrator.Pkgbuild;

/// <summary>What a set of PKGBUILDs would put on a machine: their packages, and what these provide.</summary>
internal sealed class LocalPackages
{
    private readonly Dictionary<string, Pkgbuild> named = [];
    private readonly Dictionary<string, List<(Pkgbuild Pkgbuild, PackageVersion? Version)>> provided = [];

    /// <exception cref="PkgbuildException">Two of them have one name.</exception>
    internal LocalPackages(IEnumerable<Pkgbuild> pkgbuilds, string architecture)
    {
        Dictionary<string, Pkgbuild> bases = [];
        foreach (var pkgbuild in pkgbuilds)
        {
            AddName(bases, pkgbuild.BaseName, pkgbuild);
            foreach (var name in pkgbuild.Names)
            {
                AddName(named, name, pkgbuild);
            }

            foreach (var text in Scopes(pkgbuild).SelectMany(fields => fields.Array("provides", architecture)))
            {
                AddProvided(Dependency.Parse(text), pkgbuild);
            }
        }
    }

    /// <summary>The fields of the file itself, and those that its package functions override.</summary>
    internal static IEnumerable<PkgbuildFields> Scopes(Pkgbuild pkgbuild) => pkgbuild.Overrides.Values.Prepend(pkgbuild.Fields);

    /// <summary>What could be meant by a dependency; nothing if it is none of these packages' business.</summary>
    internal IEnumerable<Pkgbuild> Find(Dependency dependency)
    {
        var providers = provided.GetValueOrDefault(dependency.Name, []);
        if (named.TryGetValue(dependency.Name, out var exact) && dependency.Accepts(exact.Version))
        {
            return [exact];
        }

        // A version that pkgver() has yet to find out may still come to be an accepted one.
        var accepted = providers.Where(provider => dependency.Accepts(provider.Version)).Select(provider => provider.Pkgbuild).ToList();
        return accepted.Count > 0 ? accepted
            : exact is not null ? [exact]
            : providers.Select(provider => provider.Pkgbuild);
    }

    private static void AddName(Dictionary<string, Pkgbuild> names, string name, Pkgbuild pkgbuild)
    {
        if (!names.TryAdd(name, pkgbuild) && names[name] is var other && !ReferenceEquals(other, pkgbuild))
        {
            throw new PkgbuildException(
                MakepkgExitCode.PkgbuildError,
                $"{Printable.Quote(name)} is also the name of a package of {Printable.OneLine(other.Path)}; rename one of them, or leave it out",
                pkgbuild.Path,
                pkgbuild.LineOf(name == pkgbuild.BaseName && pkgbuild.Lines.ContainsKey("pkgbase") ? "pkgbase" : "pkgname"));
        }
    }

    private void AddProvided(Dependency provides, Pkgbuild pkgbuild)
    {
        if (!provided.TryGetValue(provides.Name, out var providers))
        {
            provided[provides.Name] = providers = [];
        }

        providers.Add((pkgbuild, provides.Version.Length == 0 ? null : PackageVersion.Parse(provides.Version)));
    }
}
