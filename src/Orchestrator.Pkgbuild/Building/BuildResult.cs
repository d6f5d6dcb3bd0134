namespace Orchestrator.Pkgbuild;

/// <summary>What came of building one PKGBUILD.</summary>
/// <param name="BaseName">Its <c>pkgbase</c>.</param>
/// <param name="Version">The version that was built: that of <c>pkgver()</c>, if there is one.</param>
/// <param name="Packages">The packages, in the order of <c>pkgname</c>.</param>
/// <param name="IsUpToDate">Whether they were there already and nothing was done.</param>
/// <param name="Duration">How long it took.</param>
public sealed record BuildResult(
    string BaseName,
    PackageVersion Version,
    IReadOnlyList<BuiltPackage> Packages,
    bool IsUpToDate,
    TimeSpan Duration)
{
    /// <summary>What did not have to be compiled since an earlier build had done it; null if there was nothing to be compiled, or no cache.</summary>
    public BuildReuse? Reuse { get; init; }
}
