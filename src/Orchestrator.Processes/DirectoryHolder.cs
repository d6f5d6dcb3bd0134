namespace Orchestrator.Processes;

/// <summary>Holds a work directory for us, by a process that outlives us.</summary>
internal abstract class DirectoryHolder
{
    /// <summary>Name of the run that the directory belongs to.</summary>
    internal abstract string Run { get; }

    /// <summary>Ends the process, and removes the directory or leaves it to nobody.</summary>
    /// <returns>What could not be removed; empty if nothing was to be, or all is gone.</returns>
    internal abstract Task<IReadOnlyList<string>> EndAsync(bool remove);
}
