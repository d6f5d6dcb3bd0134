using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// Asks a process group to end: CTRL_BREAK
/// (<see href="https://learn.microsoft.com/windows/console/ctrl-c-and-ctrl-break-signals">CTRL+C and CTRL+BREAK Signals</see>).
/// CTRL_C would not do: it is switched off for a process that leads a group.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class ConsoleBreak
{
    /// <summary>Held while we have taken another's console for a moment: who looks at our own console or standard streams holds it, too.</summary>
    internal static readonly Lock Attachment = new();

    /// <summary>Whether we have a console, which a command then shares; where we have none, it gets its own.</summary>
    internal static unsafe bool HasConsole
    {
        get
        {
            uint processId;
            lock (Attachment)
            {
                return Kernel32.GetConsoleProcessList(&processId, 1) > 0;
            }
        }
    }

    /// <summary>Sends it to the members of a group.</summary>
    /// <param name="group">PID of the process that leads or led it. Never any other: one that leads no group stands for all processes of the console.</param>
    /// <param name="members">Processes whose console it is, if it is not ours.</param>
    /// <returns>Whether there was a console that took it.</returns>
    internal static bool Send(int group, IEnumerable<int> members)
    {
        lock (Attachment)
        {
            if (HasConsole)
            {
                return Kernel32.GenerateConsoleCtrlEvent(Kernel32.CtrlBreakEvent, group);
            }

            // We have none: so we may take theirs for a moment, which would change our standard handles.
            int[] numbers = [-10, -11, -12];
            var handles = Array.ConvertAll(numbers, Kernel32.GetStdHandle);
            if (!members.Any(Kernel32.AttachConsole))
            {
                return false;
            }

            try
            {
                return Kernel32.GenerateConsoleCtrlEvent(Kernel32.CtrlBreakEvent, group);
            }
            finally
            {
                _ = Kernel32.FreeConsole();
                for (var i = 0; i < numbers.Length; i++)
                {
                    _ = Kernel32.SetStdHandle(numbers[i], handles[i]);
                }
            }
        }
    }
}
