namespace Orchestrator.Pkgbuild;

/// <summary>What became of a set of PKGBUILDs.</summary>
/// <param name="Rows">One for each, in the order in which they were done.</param>
public sealed record BuildSummary(IReadOnlyList<BuildSummaryRow> Rows)
{
    /// <summary>How many rows have an outcome.</summary>
    public int Count(BuildOutcome outcome) => Rows.Count(row => row.Outcome == outcome);

    /// <summary>makepkg's exit code for the whole: that of the first failure.</summary>
    public MakepkgExitCode ExitCode => Rows.FirstOrDefault(row => row.Error is not null)?.Error?.ExitCode ?? MakepkgExitCode.Success;
}
