using System.Diagnostics;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Testing;

/// <summary>Sends signals to processes that a test started.</summary>
public static class Signal
{
    public const int Hup = 1;
    public const int Int = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int Usr1 = 10;
    public const int Term = 15;
    public const int Stop = 19;

    public static void Send(int pid, int signal) => SystemCalls.SignalNumber(pid, signal);

    public static void Send(Process process, int signal)
    {
        ArgumentNullException.ThrowIfNull(process);
        Send(process.Id, signal);
    }

    public static void SendToGroup(int pgid, int signal) => SystemCalls.SignalGroup(pgid, signal);

    /// <summary>Whether a signal was sent to a process that has not taken it yet (<c>proc(5)</c>, ShdPnd).</summary>
    public static bool HasPending(int pid, int signal)
    {
        const string Field = "ShdPnd:";
        var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line.AsSpan(Field.Length).Trim(), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
    }

    /// <summary>The children of a process.</summary>
    public static IReadOnlyList<int> Children(int pid) => ProcessTable.Children(pid);

    /// <summary>Which process is the parent of another, and in which group it is.</summary>
    public static (int Parent, int Group, int Session)? Relations(int pid) =>
        ProcessTable.Find(pid) is { } entry ? (entry.Parent, entry.Group, entry.Session) : null;
}
