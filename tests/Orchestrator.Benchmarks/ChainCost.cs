namespace Orchestrator.Benchmarks;

/// <summary>The end of a chain of nested processes, against the least that there is.</summary>
internal static class ChainCost
{
    private const int Length = 200;
    private const double Limit = 2;

    internal static Task MeasureAsync(Rounds rounds)
    {
        const string Baseline = "`kill(-pgid)` and wait";
        var chain = Tree.Chain(Length);
        return Comparison.PrintAsync(
            $"Cancelling a chain of {Length} nested processes",
            Baseline,
            rounds.LargeCancels,
            [
                new Subject(Baseline, () => Cancelling.GroupSignalAsync(chain)),
                .. MeasuredLevels.Available.Select(level => new Subject(MeasuredLevels.Row(level), () => Cancelling.SupervisedAsync(chain, level)) { Limit = Limit }),
            ]);
    }
}
