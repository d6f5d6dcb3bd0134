using System.Text;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>The only thing that the supervisor itself prints.</summary>
internal static class Diagnostics
{
    private const int PipeBuffer = 4096; // PIPE_BUF
    private const int MostPatience = 1000; // ms
    private static bool isRead = true;

    /// <summary>Whether whoever reads the events tells the errors.</summary>
    internal static bool IsQuiet { get; set; }

    /// <summary>One line on standard error; nothing for null.</summary>
    internal static void Print(string? message)
    {
        if (IsQuiet || message is null)
        {
            return;
        }

        // Names that others chose are made harmless. Not by Console, which starts a thread: that can be one too many
        // (RLIMIT_NPROC).
        var text = Encoding.UTF8.GetBytes($"orchestrator-supervise: {Printable.Text(Encoding.UTF8.GetBytes(message))}\n");

        // A pipe that nobody reads must not hold us up: one that has room has it for this much. The exit status tells too.
        using var error = new FileDescriptor(2, owned: false);
        isRead = isRead && SystemCalls.IsWritable(error, MostPatience);
        if (isRead)
        {
            _ = SystemCalls.Write(error, text.AsSpan(0, Math.Min(text.Length, PipeBuffer)));
        }
    }
}
