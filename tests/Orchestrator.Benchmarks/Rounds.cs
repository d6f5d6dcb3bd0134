namespace Orchestrator.Benchmarks;

/// <summary>How often each thing is measured.</summary>
/// <param name="Starts">Runs of /bin/true.</param>
/// <param name="ManagedEvery">The managed supervisor, much slower, is started once in so many of them.</param>
/// <param name="Cancels">Cancelled trees.</param>
/// <param name="LargeCancels">Cancelled trees of 1,000 processes.</param>
/// <param name="Outputs">Readings of 100 MB.</param>
/// <param name="Idle">How long a supervisor is watched while its command does nothing.</param>
internal sealed record Rounds(int Starts, int ManagedEvery, int Cancels, int LargeCancels, int Outputs, TimeSpan Idle)
{
    internal static Rounds Full { get; } = new(1000, 20, 25, 11, 11, TimeSpan.FromSeconds(10));

    internal static Rounds Quick { get; } = new(40, 20, 3, 1, 1, TimeSpan.FromSeconds(1));
}
