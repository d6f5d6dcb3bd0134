namespace Orchestrator.Processes;

/// <summary>Holds a work directory for us, by a process that outlives us.</summary>
internal abstract class DirectoryHolder
{
    /// <summary>Name of the run that the directory belongs to.</summary>
    internal abstract string Run { get; }

    /// <summary>Ends the process, and removes the directory or leaves it to nobody.</summary>
    /// <returns>What could not be removed; empty if nothing was to be, or all is gone.</returns>
    internal abstract Task<IReadOnlyList<string>> EndAsync(bool remove);

    /// <summary>Does what a process that somebody killed would have done: removes a directory that is still there.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="failure">What the process said that it could not do; null if it said nothing.</param>
    /// <param name="remove">Removes it, and returns what could not be.</param>
    /// <param name="events">Is told when it is gone.</param>
    private protected static async Task<IReadOnlyList<string>> FinishAsync(
        string path, string? failure, Func<IReadOnlyList<string>> remove, Action<RunEvent>? events)
    {
        if (!Directory.Exists(path))
        {
            return [];
        }

        var problems = failure is null ? await Task.Run(remove).ConfigureAwait(false) : [failure];
        if (problems.Count == 0)
        {
            events?.Invoke(new RunEvent.WorkDirectoryRemoved(DateTimeOffset.UtcNow, path));
        }

        return problems;
    }
}
