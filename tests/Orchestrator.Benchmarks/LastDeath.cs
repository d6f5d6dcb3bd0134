using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>Sees, by a pidfd each, when the last process of a tree ends.</summary>
internal sealed class LastDeath : IDisposable
{
    private readonly List<ProcessEnd> ends;
    private readonly Task<long> time;

    private LastDeath(List<ProcessEnd> ends)
    {
        this.ends = ends;

        // One after the other: when the last wait is over, all have ended, and whichever was last has woken us.
        time = Task.Factory.StartNew(
            () =>
            {
                ends.ForEach(end => end.Wait());
                return Stopwatch.GetTimestamp();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning, // a thread of its own
            TaskScheduler.Default);
    }

    /// <summary>Starts to watch a process and all below it.</summary>
    /// <param name="pid">The first.</param>
    /// <param name="expected">How many there must be.</param>
    internal static LastDeath Of(int pid, int expected)
    {
        var ends = new List<ProcessEnd> { ProcessEnd.Watch(pid) };
        ends.AddRange(ProcessEnd.WatchBelow(pid));
        return ends.Count == expected ? new(ends) : throw new InvalidOperationException($"{ends.Count} processes are there instead of {expected}");
    }

    /// <summary>How long ago it was; to be asked when the answer has come.</summary>
    internal async Task<TimeSpan> ElapsedAsync()
    {
        var answered = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(await time, answered);
    }

    public void Dispose() => ends.ForEach(end => end.Dispose());
}
