namespace Orchestrator.Processes;

/// <summary>The command could not be run, or the supervisor could not do its work.</summary>
public sealed class SupervisorException : Exception
{
    internal SupervisorException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>125: the supervisor failed; 126: the command cannot be executed; 127: it was not found.</summary>
    public int ExitCode { get; }
}
