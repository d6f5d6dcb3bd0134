namespace Orchestrator.Processes;

/// <summary>The command could not be run, or the supervisor could not do its work.</summary>
public sealed class SupervisorException : Exception
{
    internal SupervisorException(int exitCode, string message, Exception? innerException = null, bool isPrinted = false)
        : base(message, innerException) => (ExitCode, IsPrinted) = (exitCode, isPrinted);

    /// <summary>125: the supervisor failed; 126: the command cannot be executed; 127: it was not found.</summary>
    public int ExitCode { get; }

    /// <summary>Whether the supervisor itself has said it on the caller's standard error, which it does where it was given that; false where it had died.</summary>
    public bool IsPrinted { get; }
}
