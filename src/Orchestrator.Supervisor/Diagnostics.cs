namespace Orchestrator.Supervisor;

/// <summary>The only thing that the supervisor itself prints.</summary>
internal static class Diagnostics
{
    internal static void Print(string message)
    {
        try
        {
            Console.Error.WriteLine($"orchestrator-supervise: {message}");
        }
        catch (IOException)
        {
            // Nobody reads standard error any more; the exit status still tells.
        }
    }
}
