using System.Text.Json;

namespace Orchestrator.Processes;

/// <summary>Reads event lines. A line that is cut off, or an event that a newer supervisor sends, is passed over.</summary>
/// <param name="done">Called with the status of a run that a supervisor with <c>--serve</c> is done with.</param>
internal sealed class EventParser(Action<int>? done = null)
{
    private RunEnd reason;

    internal RunEvent? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Parse(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private RunEvent? Parse(JsonElement json)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(json.GetProperty("time").GetInt64());
        return json.GetProperty("event").GetString() switch
        {
            "started" => new RunEvent.Started(time, Int(json, "pid"), Int(json, "pgid"), Level(Text(json, "containment")), Text(json, "run"))
            {
                Fallback = json.TryGetProperty("fallback", out var fallback) ? fallback.GetString() : null,
            },
            "escaped" => new RunEvent.Escaped(time, reason, Process(json)),
            "leftover" => new RunEvent.LeftOver(time, Process(json)) { IsAllowed = json.TryGetProperty("allowed", out var allowed) && allowed.GetBoolean() },
            "cancelling" => new RunEvent.Cancelling(time, reason = Reason(Text(json, "reason")), Int(json, "pgid"), Text(json, "signal")),
            "signalled" => new RunEvent.Signalled(time, reason, Text(json, "signal"), Int(json, "pgid"), Int(json, "processes")),
            "exited" => new RunEvent.Exited(
                time,
                json.TryGetProperty("status", out var status) ? status.GetInt32() : null,
                json.TryGetProperty("signal", out var signal) ? signal.GetString() : null),
            "empty" => new RunEvent.Empty(time, TimeSpan.FromMilliseconds(Int(json, "milliseconds")), Int(json, "killed")),
            "usage" => new RunEvent.Usage(time, TimeSpan.FromMilliseconds(json.GetProperty("cpu").GetInt64()), json.GetProperty("memory").GetInt64()),
            "work-dir-removed" => new RunEvent.WorkDirectoryRemoved(time, Text(json, "path")),
            "survived" => new RunEvent.Survived(time, Process(json)),
            "done" => Done(Int(json, "status")),
            "failed" => new RunEvent.Failed(time, Text(json, "message")),
            _ => null,
        };
    }

    // Nothing that happened in a run: a supervisor that is kept says that it is ready for the next.
    private RunEvent? Done(int status)
    {
        done?.Invoke(status);
        return null;
    }

    private static ProcessName Process(JsonElement json) => new(Int(json, "pid"), Text(json, "command"));

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? "";

    private static Containment Level(string text) => Enum.TryParse<Containment>(text, ignoreCase: true, out var level) ? level : Containment.Auto;

    private static RunEnd Reason(string text) => text switch
    {
        "owner" => RunEnd.OwnerExited,
        "timeout" => RunEnd.TimedOut,
        "leftovers" => RunEnd.Leftovers,
        _ => RunEnd.Cancelled,
    };
}
