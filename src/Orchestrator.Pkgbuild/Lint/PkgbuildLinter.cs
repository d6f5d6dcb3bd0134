namespace Orchestrator.Pkgbuild;

/// <summary>Says what is wrong in a PKGBUILD: all that makepkg refuses, and some that it would stumble over later.</summary>
public static class PkgbuildLinter
{
    /// <summary>Finds everything at once.</summary>
    /// <param name="pkgbuild">What was read.</param>
    /// <param name="architecture">
    /// The architecture that it is to be built for (<see cref="MachineArchitecture.Current"/>); null if it is not to be built.
    /// </param>
    /// <returns>The findings, in the order of their lines.</returns>
    public static IReadOnlyList<LintFinding> Lint(Pkgbuild pkgbuild, string? architecture = null)
    {
        LintReport report = new(pkgbuild);
        NameRules.Check(report);
        VersionRules.Check(report);
        ArchitectureRules.Check(report, architecture);
        TypeRules.Check(report);
        FunctionRules.Check(report);
        DependencyRules.Check(report);
        FileRules.Check(report);
        SourceRules.Check(report, architecture);
        return report.InOrder();
    }

    /// <summary>Throws if there are errors.</summary>
    /// <param name="pkgbuild">What was read.</param>
    /// <param name="architecture">As for <see cref="Lint"/>.</param>
    /// <param name="least">
    /// <see cref="LintSeverity.Error"/> (the default) before a build; <see cref="LintSeverity.Fatal"/> where makepkg would
    /// not look further, as for <c>.SRCINFO</c>.
    /// </param>
    /// <exception cref="PkgbuildLintException">There are; it names the first, and has all.</exception>
    public static void ThrowIfErrors(Pkgbuild pkgbuild, string? architecture = null, LintSeverity least = LintSeverity.Error)
    {
        LintFinding[] errors = [.. Lint(pkgbuild, architecture).Where(finding => finding.Severity >= least)];
        if (errors.Length > 0)
        {
            throw new PkgbuildLintException(errors);
        }
    }
}
