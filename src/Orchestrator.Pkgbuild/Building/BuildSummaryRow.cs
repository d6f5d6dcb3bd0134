namespace Orchestrator.Pkgbuild;

/// <summary>What became of one PKGBUILD of a set.</summary>
/// <param name="Name">Its <c>pkgbase</c>; its path, if it could not be read.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Duration">How long that took.</param>
/// <param name="Version">The version, where there is one.</param>
/// <param name="Reason">Why it was skipped, or failed; on one line.</param>
/// <param name="Result">Its packages, if it was built or up to date.</param>
/// <param name="Error">Why it failed.</param>
public sealed record BuildSummaryRow(
    string Name,
    BuildOutcome Outcome,
    TimeSpan Duration,
    PackageVersion? Version = null,
    string? Reason = null,
    BuildResult? Result = null,
    PkgbuildException? Error = null);
