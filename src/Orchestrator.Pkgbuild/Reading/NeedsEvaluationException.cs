namespace Orchestrator.Pkgbuild;

/// <summary>A PKGBUILD cannot be read without running it, which the caller does not allow (<see cref="PkgbuildEvaluation.Never"/>).</summary>
public sealed class NeedsEvaluationException : PkgbuildException
{
    /// <summary>An error that names every field that is not known.</summary>
    /// <param name="fields">The fields, at least one.</param>
    public NeedsEvaluationException(IReadOnlyList<UnknownField> fields)
        : base(
            MakepkgExitCode.PkgbuildError,
            $"{Given(fields)[0].Name} depends on running a program: {fields[0].Reason}; allow the PKGBUILD to be evaluated",
            fields[0].File,
            fields[0].Line)
    {
        Fields = fields;
        Column = fields[0].Column;
    }

    /// <summary>The fields that are not known, in the order of their places.</summary>
    public IReadOnlyList<UnknownField> Fields { get; }

    private static IReadOnlyList<UnknownField> Given(IReadOnlyList<UnknownField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return fields;
    }
}
