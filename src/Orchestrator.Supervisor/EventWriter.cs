using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Writes event lines, JSON, one object a line. Opened and written without ever blocking: a reader that is slow or gone
/// costs lines, which are counted, and never time.
/// </summary>
internal sealed class EventWriter : IDisposable
{
    private readonly List<EventTarget> targets = [];
    private readonly JsonLine line = new();

    /// <summary>Opens files, FIFOs or Unix sockets.</summary>
    /// <exception cref="UsageException">One cannot be opened.</exception>
    internal static EventWriter Open(IEnumerable<string> paths)
    {
        var writer = new EventWriter();
        foreach (var path in paths)
        {
            try
            {
                writer.targets.Add(EventTarget.Open(path));
            }
            catch (LinuxException exception)
            {
                writer.Dispose();
                throw new UsageException($"--events '{path}': {exception.Message}");
            }
        }

        return writer;
    }

    internal void Started(int pid, int pgid, Containment containment, string run, string? fallback = null) => Write("started", json =>
    {
        json.WriteNumber("pid", pid);
        json.WriteNumber("pgid", pgid);
        json.WriteString("containment", containment.Name());
        json.WriteString("run", run);
        if (fallback is not null)
        {
            json.WriteString("fallback", fallback);
        }
    });

    internal void Escaped(ProcessEntry process) => Write("escaped", json => Process(json, process));

    internal void Leftover(ProcessEntry process, bool isAllowed) => Write("leftover", json =>
    {
        Process(json, process);
        if (isAllowed)
        {
            json.WriteBoolean("allowed", true);
        }
    });

    internal void Survived(ProcessEntry process) => Write("survived", json => Process(json, process));

    internal void Cancelling(string reason, int pgid, int signal) => Write("cancelling", json =>
    {
        json.WriteString("reason", reason);
        json.WriteNumber("pgid", pgid);
        json.WriteString("signal", Signals.Name(signal));
    });

    internal void Signalled(int signal, int pgid, int processes) => Write("signalled", json =>
    {
        json.WriteString("signal", Signals.Name(signal));
        json.WriteNumber("pgid", pgid);
        json.WriteNumber("processes", processes);
    });

    internal void Exited(ChildExit exit) => Write("exited", json =>
    {
        if (exit.Status is { } status)
        {
            json.WriteNumber("status", status);
        }
        else
        {
            json.WriteString("signal", Signals.Name(exit.Signal!.Value));
        }
    });

    internal void Empty(TimeSpan sinceCancelling, int killed) => Write("empty", json =>
    {
        json.WriteNumber("milliseconds", (long)sinceCancelling.TotalMilliseconds);
        json.WriteNumber("killed", killed);
    });

    internal void Usage(TimeSpan cpuTime, long peakBytes) => Write("usage", json =>
    {
        json.WriteNumber("cpu", (long)cpuTime.TotalMilliseconds);
        json.WriteNumber("memory", peakBytes);
    });

    internal void WorkDirectoryRemoved(string path) => Write("work-dir-removed", json => json.WriteString("path", path));

    internal void Failed(string message) => Write("failed", json => json.WriteString("message", message));

    /// <summary>For a supervisor that is kept: the run is over, and the next may come.</summary>
    /// <returns>False if that was not taken, so that nobody knows.</returns>
    internal bool Done(int status)
    {
        Write("done", json => json.WriteNumber("status", status));
        return !HasDropped;
    }

    /// <summary>Whether a line was not taken, by whomever.</summary>
    internal bool HasDropped => targets.Exists(target => target.Dropped > 0);

    public void Dispose()
    {
        if (HasDropped)
        {
            targets.ForEach(target => Diagnostics.Print(target.Loss));
            Write("dropped", json => json.WriteNumber("lines", targets.Max(target => target.Dropped)));
        }

        targets.ForEach(target => target.Dispose());
    }

    private static void Process(JsonLine json, ProcessEntry process)
    {
        json.WriteNumber("pid", process.Pid);
        json.WriteString("command", process.Name);
    }

    private void Write(string name, Action<JsonLine> fields)
    {
        if (targets.Count == 0)
        {
            return;
        }

        line.Begin();
        line.WriteString("event", name);
        line.WriteNumber("time", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        fields(line);
        line.End();
        foreach (var target in targets)
        {
            target.Send(line.Written);
        }
    }
}
