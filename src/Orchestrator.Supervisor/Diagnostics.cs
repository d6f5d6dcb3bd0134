namespace Orchestrator.Supervisor;

/// <summary>The only thing that the supervisor itself prints.</summary>
internal static class Diagnostics
{
    /// <summary>Whether whoever reads the events tells the errors.</summary>
    internal static bool IsQuiet { get; set; }

    /// <summary>One line on standard error; nothing for null.</summary>
    internal static void Print(string? message)
    {
        if (IsQuiet || message is null)
        {
            return;
        }

        try
        {
            Console.Error.WriteLine($"orchestrator-supervise: {message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Nobody reads standard error any more; the exit status still tells.
        }
    }
}
