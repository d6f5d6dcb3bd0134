namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>pkgver</c>, <c>pkgrel</c> and <c>epoch</c>.</summary>
internal static class VersionRules
{
    internal static void Check(LintReport report)
    {
        var version = report.Pkgbuild.Version;
        Require("pkgver", version.PkgVer, PackageSyntax.ProblemOfPkgver);
        Require("pkgrel", version.PkgRel, PackageSyntax.ProblemOfPkgrel);
        Require("epoch", version.Epoch ?? "", PackageSyntax.ProblemOfEpoch);

        void Require(string field, string value, Func<string, string?> problemOf)
        {
            // An array in the place of a string is another rule's finding.
            if (problemOf(value) is { } problem && !report.Pkgbuild.Fields.Arrays.ContainsKey(field))
            {
                report.Add(LintSeverity.Fatal, field, $"{field} {problem}", value: value);
            }
        }
    }
}
