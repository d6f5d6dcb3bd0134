using System.Globalization;
using System.Text;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Testing;

/// <summary>
/// Finds the processes that a test started, whatever became of them: they carry a number that nobody else has, in their
/// arguments (<c>sleep 3600.123456</c>), in their environment or, where they wrote over both, in the name of their program.
/// </summary>
public sealed class Marker
{
    private static int count;

    /// <summary>Fits as an argument of sleep(1).</summary>
    public string Seconds { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"3600.{Environment.ProcessId % 1_000_000:000000}{Interlocked.Increment(ref count):000000}");

    /// <summary>Living processes that carry the marker, as <c>PID (name)</c>.</summary>
    public IReadOnlyList<string> Alive() =>
        [.. Find().Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Pid} ({process.Name})"))];

    /// <summary>Their PIDs.</summary>
    public IReadOnlyList<int> Pids() => [.. Find().Select(process => process.Pid)];

    /// <summary>Whether one of them has a name, as in <c>/proc/PID/comm</c>.</summary>
    public bool Has(string name) => Find().Exists(process => process.Name == name);

    /// <summary>Waits until as many are alive; the deadline is far beyond what it takes.</summary>
    public Task UntilAliveAsync(int atLeast) => Eventually.IsTrueAsync(() => Find().Count >= atLeast, $"{atLeast} processes carry {Seconds}");

    /// <summary>Ends what is left, by PID: a test leaves nothing, even when it fails.</summary>
    public void KillAll()
    {
        foreach (var process in Find())
        {
            SystemCalls.SignalNumber(process.Pid, 9);
        }
    }

    /// <summary>Stops what is left, by PID, so that it forks no more.</summary>
    public void Stop()
    {
        foreach (var process in Find())
        {
            SystemCalls.SignalNumber(process.Pid, 19);
        }
    }

    private List<ProcessEntry> Find()
    {
        var text = Encoding.UTF8.GetBytes(Seconds);
        return ProcessTable.All().FindAll(process => process.IsAlive
            && process.Pid != Environment.ProcessId
            && (HasArgument(process.Pid, text) || ProcessTable.Environment(process.Pid, out _).AsSpan().IndexOf(text) >= 0 || IsProgramOf(process.Pid)));
    }

    private bool IsProgramOf(int pid)
    {
        try
        {
            return new FileInfo(FormattableString.Invariant($"/proc/{pid}/exe")).LinkTarget?.Contains(Seconds, StringComparison.Ordinal) == true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // it ended, or is another user's
        }
    }

    private static bool HasArgument(int pid, byte[] text) =>
        ProcessTable.ReadFile(Tmds.Linux.LibC.AT_FDCWD, SystemCalls.Encode(FormattableString.Invariant($"/proc/{pid}/cmdline"))) is { } content
        && content.AsSpan().IndexOf(text) >= 0;
}
