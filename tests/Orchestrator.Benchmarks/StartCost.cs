using CliWrap;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>What it costs to run a program that does nothing.</summary>
internal static class StartCost
{
    private const string Program = "/bin/true";

    internal static async Task MeasureAsync(Rounds rounds)
    {
        using var alone = new PosixSpawn(Program);
        using var native = new PosixSpawn([.. Supervise.CommandLine(native: true), "--", Program]);
        using var managed = new PosixSpawn([.. Supervise.CommandLine(native: false), "--", Program]);
        var cliWrap = Cli.Wrap(Program);
        var supervised = SupervisedCommand.Create(Program);

        List<Subject> subjects =
        [
            Subject.Whole("`posix_spawn` and `waitpid`", () => Do(alone.Run)),
            Subject.Whole("CliWrap", () => cliWrap.ExecuteAsync()),
            Subject.Whole("`SupervisedCommand`", () => supervised.RunAsync()),
            Subject.Whole("`posix_spawn` of the managed supervisor", () => Do(managed.Run), rounds.ManagedEvery),
        ];
        if (Supervise.HasNative)
        {
            subjects.Insert(3, Subject.Whole("`posix_spawn` of the native supervisor", () => Do(native.Run)));
        }

        await Comparison.PrintAsync("One run of `/bin/true`", "CliWrap", rounds.Starts, subjects);
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
