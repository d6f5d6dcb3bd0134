namespace Orchestrator.Pkgbuild;

/// <summary>Rules <c>depends</c>, <c>makedepends</c>, <c>checkdepends</c>, <c>optdepends</c>, <c>provides</c>, <c>conflicts</c> and <c>replaces</c>.</summary>
internal static class DependencyRules
{
    internal static void Check(LintReport report)
    {
        foreach (var rule in new[] { "depends", "makedepends", "checkdepends", "optdepends", "conflicts", "provides", "replaces" })
        {
            foreach (var array in report.VariantsOf(rule))
            {
                foreach (var (value, function) in report.MembersOf(array))
                {
                    if (ProblemOf(rule, value) is { } problem)
                    {
                        // makepkg does not look at what is replaced.
                        var severity = rule == "replaces" ? LintSeverity.Error : report.SeverityOf(array);
                        report.Add(severity, rule, $"{array}: {Printable.Quote(value)}: {problem}", array, function, value);
                    }
                }
            }
        }
    }

    private static string? ProblemOf(string rule, string value)
    {
        if (rule == "provides" && value.AsSpan().ContainsAny('<', '>'))
        {
            return "what is provided has one version: use NAME or NAME=VERSION";
        }

        var dependency = rule == "provides" ? ParseProvided(value) : Dependency.Parse(rule == "optdepends" ? Dependency.WithoutReason(value) : value);
        if (PackageSyntax.ProblemOfName(dependency.Name) is { } problem)
        {
            return $"the name {problem}";
        }

        // A version that is to be filled in by build() later is written as `NAME=` in depends.
        return dependency.Relation.Length == 0 || (rule == "depends" && dependency.Version.Length == 0)
            ? null
            : PackageSyntax.ProblemOfFullVersion(dependency.Version);
    }

    // makepkg takes the version from behind the last sign, so that a second one is part of the name, which is wrong then.
    private static Dependency ParseProvided(string value) =>
        value.LastIndexOf('=') is >= 0 and var equals ? new(value[..equals], "=", value[(equals + 1)..]) : new(value);
}
