namespace Orchestrator.Pkgbuild;

/// <summary>Something that is wrong in a PKGBUILD.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">Name of the rule that found it, mostly that of the field (<c>pkgver</c>): one of <see cref="LintRules"/>.</param>
/// <param name="Message">What is wrong and what to do, on one line.</param>
/// <param name="File">Full path of the PKGBUILD.</param>
/// <param name="Line">Line of the field or function, from 1; 0 if it is the whole file.</param>
public sealed record LintFinding(LintSeverity Severity, string Rule, string Message, string File, int Line)
{
    /// <summary>Column in <see cref="Line"/>, from 1, in UTF-16 units; 0 if it is the whole line.</summary>
    public int Column { get; init; }

    /// <summary>Whether it keeps the package from being built.</summary>
    public bool IsError => Severity >= LintSeverity.Error;

    /// <summary>The finding that a PKGBUILD cannot be read.</summary>
    /// <param name="error">Why: an error that has a file.</param>
    public static LintFinding FromError(PkgbuildException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(
            LintSeverity.Fatal,
            LintRules.Read,
            Printable.OneLine(error.Message),
            error.File ?? throw new ArgumentException("The error has no file.", nameof(error)),
            error.Line)
        {
            Column = error.Column,
        };
    }

    /// <summary>The finding in MSBuild's canonical form, <c>FILE(LINE,COLUMN): error RULE: MESSAGE</c>, on one line.</summary>
    public override string ToString() =>
        $"{Printable.OneLine(File)}{Printable.Place(Line, Column)}: {(IsError ? "error" : "warning")} {Rule}: {Message}";
}
