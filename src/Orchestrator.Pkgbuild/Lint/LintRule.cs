namespace Orchestrator.Pkgbuild;

/// <summary>A rule that PKGBUILDs are checked against.</summary>
/// <param name="Id">Its name (<see cref="LintFinding.Rule"/>), mostly that of the field (<c>pkgver</c>).</param>
/// <param name="Severity">How bad its findings are at most.</param>
/// <param name="Summary">What it demands, as a sentence.</param>
/// <param name="Cure">What to do about a finding, as a sentence.</param>
public sealed record LintRule(string Id, LintSeverity Severity, string Summary, string Cure);
