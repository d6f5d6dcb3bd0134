namespace Orchestrator.Pkgbuild;

/// <summary>A PKGBUILD says something that cannot be right; <see cref="Findings"/> is all of it.</summary>
public sealed class PkgbuildLintException : PkgbuildException
{
    internal PkgbuildLintException(IReadOnlyList<LintFinding> findings)
        : base(MakepkgExitCode.PkgbuildError, Describe(findings), findings[0].File, findings[0].Line) =>
        (Findings, Column) = (findings, findings[0].Column);

    /// <summary>Every error that was found, in the order of their lines; at least one.</summary>
    public IReadOnlyList<LintFinding> Findings { get; }

    private static string Describe(IReadOnlyList<LintFinding> findings) => findings.Count == 1
        ? findings[0].Message
        : $"{findings[0].Message} (and {findings.Count - 1} more: " +
          string.Join("; ", findings.Skip(1).Select(finding => $"line {finding.Line}: {finding.Message}")) + ")";
}
