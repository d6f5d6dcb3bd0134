using CliWrap;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What it costs to run a program that does nothing.</summary>
internal static class StartCost
{
    private const string Program = "/bin/true";
    private const double Limit = 4;

    internal static async Task MeasureAsync(Rounds rounds)
    {
        using var alone = new PosixSpawn(Program);
        using var native = new PosixSpawn([.. Supervise.CommandLine(native: true), "--containment", "supervised", "--", Program]);
        using var managed = new PosixSpawn([.. Supervise.CommandLine(native: false), "--containment", "supervised", "--", Program]);
        var cliWrap = Cli.Wrap(Program);

        List<Subject> subjects =
        [
            Subject.Whole("`posix_spawn` and `waitpid`", () => Do(alone.Run)),
            Subject.Whole("CliWrap", () => cliWrap.ExecuteAsync()),
            .. MeasuredLevels.Available.Select(level => Supervised(level) with { Limit = level == Containment.Supervised ? Limit : null }),
        ];
        if (Supervise.HasNative)
        {
            subjects.Add(Subject.Whole("`posix_spawn` of the native supervisor, `supervised`", () => Do(native.Run)));
        }

        subjects.Add(Subject.Whole("`posix_spawn` of the managed supervisor, `supervised`", () => Do(managed.Run), rounds.ManagedEvery));
        await Comparison.PrintAsync("One run of `/bin/true`", "CliWrap", rounds.Starts, subjects);
    }

    private static Subject Supervised(Containment level)
    {
        var command = SupervisedCommand.Create(Program).WithContainment(level);
        return Subject.Whole(MeasuredLevels.Row(level), () => command.RunAsync());
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
