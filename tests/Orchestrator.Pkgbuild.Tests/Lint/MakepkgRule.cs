namespace Orchestrator.Pkgbuild.Tests;

/// <summary>PKGBUILDs for each check of a file of makepkg's lint library.</summary>
/// <param name="Refused">Those that it refuses.</param>
/// <param name="Accepted">Those that it accepts.</param>
public sealed record MakepkgRule(IReadOnlyList<string> Refused, IReadOnlyList<string> Accepted);
