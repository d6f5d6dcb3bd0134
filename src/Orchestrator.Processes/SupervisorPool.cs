namespace Orchestrator.Processes;

/// <summary>
/// Keeps the supervisors of commands that are run one after the other, such as the steps of one build, so that the next
/// command need not wait for the start of one: most of what a short run costs. Nothing is started before it is needed. One
/// that is kept has no processes, and runs a command only if one that was started at that moment would have the same
/// environment, owners, limits, control groups and all else that is inherited; else a new one does.
/// </summary>
/// <remarks>Each ends with the process that started it, however that ends, and on disposal.</remarks>
public sealed class SupervisorPool : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1); // takes a millisecond, if nobody has stopped it
    private readonly Lock gate = new();
    private readonly List<KeptSupervisor> free = [];
    private readonly List<Task> ending = [];
    private bool isDisposed;

    /// <summary>Ends those that are free, and returns when they have ended. One that still runs a command ends with that.</summary>
    public void Dispose()
    {
        Task[] ends;
        lock (gate)
        {
            isDisposed = true;
            free.ForEach(End);
            free.Clear();
            ends = [.. ending];
        }

        _ = Task.WaitAll(ends, LongestEnd);
    }

    /// <exception cref="SupervisorException">None is free, and none can be started.</exception>
    internal KeptSupervisor Take(SupervisorOrigin origin)
    {
        lock (gate)
        {
            if (free.FindLast(supervisor => supervisor.IsLike(origin)) is { } found)
            {
                free.Remove(found);
                return found;
            }
        }

        return KeptSupervisor.Start(origin);
    }

    /// <summary>Takes one back.</summary>
    /// <param name="supervisor">Of which nothing is wanted any more.</param>
    /// <param name="isAsNew">Whether the next command may have it.</param>
    internal void Return(KeptSupervisor supervisor, bool isAsNew)
    {
        lock (gate)
        {
            ending.RemoveAll(end => end.IsCompleted);
            if (!isAsNew || isDisposed)
            {
                End(supervisor);
                return;
            }

            free.Add(supervisor);
            if (free.Count > Environment.ProcessorCount)
            {
                End(free[0]);
                free.RemoveAt(0);
            }
        }
    }

    private void End(KeptSupervisor supervisor) => ending.Add(supervisor.EndAsync());
}
