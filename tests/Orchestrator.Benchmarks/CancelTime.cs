namespace Orchestrator.Benchmarks;

/// <summary>How long it takes from cancelling until nothing of the command is alive, against a fixed wait.</summary>
internal static class CancelTime
{
    internal static async Task MeasureAsync(Rounds rounds)
    {
        await CompareAsync("Cancelling a tree that obeys SIGTERM", rounds.Cancels, Tree.Obedient, limit: 1.0 / 50);
        await CompareAsync("Cancelling a tree that ignores SIGTERM", rounds.Cancels, Tree.Deaf, limit: null);
        await CompareAsync("Cancelling 1,000 siblings", rounds.LargeCancels, Tree.Siblings(1000), limit: 1.0 / 5);
    }

    private static Task CompareAsync(string title, int rounds, Tree tree, double? limit) => Comparison.PrintAsync(
        title,
        "fixed wait",
        rounds,
        [
            new Subject("fixed wait", () => Cancelling.FixedWaitAsync(tree)),
            .. MeasuredLevels.Available.Select(level => new Subject(MeasuredLevels.Row(level), () => Cancelling.SupervisedAsync(tree, level)) { Limit = limit }),
        ]);
}
