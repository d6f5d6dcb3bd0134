using System.Text;
using Orchestrator.Supervisor.Linux;

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

        // Names that others chose are made harmless. Not by Console, which starts a thread: that can be one too many
        // (RLIMIT_NPROC). Whether anybody reads it is
        // not to be known; the exit status tells too.
        using var error = new FileDescriptor(2, owned: false);
        _ = SystemCalls.Write(error, Encoding.UTF8.GetBytes($"orchestrator-supervise: {Printable.Text(Encoding.UTF8.GetBytes(message))}\n"));
    }
}
