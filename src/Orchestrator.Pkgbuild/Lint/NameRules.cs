namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>pkgname</c> and <c>pkgbase</c>.</summary>
internal static class NameRules
{
    internal static void Check(LintReport report)
    {
        var pkgbuild = report.Pkgbuild;
        if (pkgbuild.Names.Count == 0)
        {
            report.Add(LintSeverity.Fatal, "pkgname", "pkgname is missing; set it to the name of the package");
        }

        foreach (var name in pkgbuild.Names)
        {
            if (PackageSyntax.ProblemOfName(name) is { } problem)
            {
                report.Add(LintSeverity.Fatal, "pkgname", $"pkgname {problem}", value: name);
            }
        }

        foreach (var name in pkgbuild.Names.GroupBy(name => name).Where(name => name.Count() > 1))
        {
            report.Add(LintSeverity.Error, "pkgname", $"pkgname has {Printable.Quote(name.Key)} more than once", value: name.Key);
        }

        if (pkgbuild.Fields.String("pkgbase") is { Length: > 0 } baseName && PackageSyntax.ProblemOfName(baseName) is { } baseProblem)
        {
            report.Add(LintSeverity.Fatal, "pkgbase", $"pkgbase {baseProblem}", value: baseName);
        }
    }
}
