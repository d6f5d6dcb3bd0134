using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Orchestrator.MSBuild;

/// <summary>Where a line comes from.</summary>
internal enum OutputKind
{
    Output,
    Error,
    Narration,
    Warning,
}

/// <summary>
/// Brings what a run prints to the thread of its task, which is the one that logs. Holds a few pieces only: a command that
/// prints faster than is logged waits, as it would for a terminal.
/// </summary>
internal sealed class OutputQueue : IDisposable
{
    private const int Pieces = 32; // of up to 64 KiB
    private readonly BlockingCollection<(OutputKind Kind, List<string> Lines)> pieces = new(Pieces);

    /// <summary>For the threads that read.</summary>
    internal void Add(OutputKind kind, List<string> lines)
    {
        if (lines.Count > 0)
        {
            pieces.Add((kind, lines));
        }
    }

    /// <summary>Runs something and prints, on this thread, what it adds meanwhile.</summary>
    /// <param name="run">What adds.</param>
    /// <param name="print">Prints a line.</param>
    /// <param name="stop">Called if a line could not be printed: the run is waited for, and then the error is thrown.</param>
    internal T Print<T>(Func<Task<T>> run, Action<OutputKind, string> print, Action stop)
    {
        var running = RunAsync(run);
        ExceptionDispatchInfo? failure = null;
        foreach (var (kind, lines) in pieces.GetConsumingEnumerable())
        {
            try
            {
                foreach (var line in failure is null ? lines : [])
                {
                    print(kind, line);
                }
            }
#pragma warning disable CA1031 // Whatever a logger throws is thrown on, after the run has been ended.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(error);
                stop();
            }
        }

        failure?.Throw();
        return running.GetAwaiter().GetResult();
    }

    public void Dispose() => pieces.Dispose();

    private async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        try
        {
            // Not on the task's own thread, which is to print.
            return await Task.Run(run).ConfigureAwait(false);
        }
        finally
        {
            pieces.CompleteAdding();
        }
    }
}
