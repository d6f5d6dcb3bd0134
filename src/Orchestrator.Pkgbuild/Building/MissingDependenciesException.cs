namespace Orchestrator.Pkgbuild;

/// <summary>A package cannot be built since dependencies are missing.</summary>
public sealed class MissingDependenciesException : PkgbuildException
{
    internal MissingDependenciesException(Pkgbuild pkgbuild, string array, IReadOnlyList<string> missing)
        : base(
            MakepkgExitCode.MissingDependencies,
            $"Could not resolve all dependencies of {pkgbuild.BaseName}, missing: {string.Join(", ", missing)}; install them, or build all the same with --nodeps",
            pkgbuild.Path,
            pkgbuild.LineOf(array)) => Missing = missing;

    /// <summary>The dependencies, as they are written.</summary>
    public IReadOnlyList<string> Missing { get; }
}
