namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>pkgver</c>, <c>pkgrel</c> and <c>epoch</c>.</summary>
internal static class VersionRules
{
    internal static void Check(LintReport report)
    {
        var version = report.Pkgbuild.Version;
        Require("pkgver", PackageSyntax.ProblemOfPkgver(version.PkgVer));
        Require("pkgrel", PackageSyntax.ProblemOfPkgrel(version.PkgRel));
        Require("epoch", PackageSyntax.ProblemOfEpoch(version.Epoch ?? ""));

        void Require(string field, string? problem)
        {
            // An array in the place of a string is another rule's finding.
            if (problem is not null && !report.Pkgbuild.Fields.Arrays.ContainsKey(field))
            {
                report.Add(LintSeverity.Fatal, field, $"{field} {problem}");
            }
        }
    }
}
