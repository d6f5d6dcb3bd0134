namespace Orchestrator.Processes;

/// <summary>A work root or a work directory cannot be used, or could not be removed. The message says which, why and what to do.</summary>
public sealed class WorkDirectoryException : Exception
{
    internal WorkDirectoryException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The directory.</summary>
    public string Path { get; }
}
