namespace Orchestrator.Pkgbuild;

/// <summary>Something that is wrong in a PKGBUILD.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">Name of the rule that found it, mostly that of the field (<c>pkgver</c>).</param>
/// <param name="Message">What is wrong and what to do, on one line.</param>
/// <param name="File">Full path of the PKGBUILD.</param>
/// <param name="Line">Line of the field or function, from 1.</param>
public sealed record LintFinding(LintSeverity Severity, string Rule, string Message, string File, int Line)
{
    /// <summary>Whether it keeps the package from being built.</summary>
    public bool IsError => Severity >= LintSeverity.Error;

    /// <summary>The finding in MSBuild's canonical form, <c>FILE(LINE): error RULE: MESSAGE</c>, on one line.</summary>
    public override string ToString() =>
        $"{Printable.OneLine(File)}({Line}): {(IsError ? "error" : "warning")} {Rule}: {Message}";
}
