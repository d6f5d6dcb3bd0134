namespace Orchestrator.Benchmarks;

/// <summary>How often each thing is measured.</summary>
/// <param name="Starts">Runs of /bin/true.</param>
/// <param name="ManagedEvery">The managed supervisor, much slower, is started once in so many of them.</param>
/// <param name="Cancels">Cancelled trees.</param>
/// <param name="LargeCancels">Cancelled trees of many processes.</param>
/// <param name="Growth">Cancelled siblings: how many, and how often.</param>
/// <param name="Outputs">Readings of 100 MB.</param>
/// <param name="Idle">How long a supervisor is watched while its command does nothing.</param>
/// <param name="SourceFiles">How many files the build compiles during which a supervisor is watched.</param>
/// <param name="Tasks">MSBuild tasks that run a trivial command.</param>
/// <param name="LongOutputs">MSBuild tasks that print a million lines.</param>
/// <param name="Readings">Readings of a collection of PKGBUILDs.</param>
/// <param name="Resumes">Builds that are cancelled and gone on with.</param>
internal sealed record Rounds(
    int Starts,
    int ManagedEvery,
    int Cancels,
    int LargeCancels,
    IReadOnlyList<(int Processes, int Runs)> Growth,
    int Outputs,
    TimeSpan Idle,
    int SourceFiles,
    int Tasks,
    int LongOutputs,
    int Readings,
    int Resumes)
{
    internal static Rounds Full { get; } = new(
        1000,
        20,
        25,
        11,
        [(10, 25), (30, 25), (100, 25), (300, 15), (1000, 11), (3000, 7), (10_000, 5)],
        11,
        TimeSpan.FromSeconds(60),
        300,
        200,
        20,
        11,
        5);

    internal static Rounds Quick { get; } = new(40, 20, 3, 1, [(10, 3), (100, 3), (1000, 1)], 1, TimeSpan.FromSeconds(1), 20, 10, 1, 1, 1);
}
