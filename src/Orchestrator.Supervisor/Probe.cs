using System.Text;
using System.Text.Json;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>What this machine offers.</summary>
internal static class Probe
{
    /// <summary>One JSON object: for each level whether it is available and, if not, why; and which one <c>auto</c> takes.</summary>
    internal static string Json()
    {
        var noPidfd = PidfdProblem();
        var noControlGroup = noPidfd ?? ControlGroup.Problem();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("auto", noControlGroup is null ? "cgroup" : "supervised");
            json.WriteBoolean("native", OwnProgram.IsNative);
            json.WriteStartObject("containment");
            Level(json, "group", noPidfd);
            Level(json, "supervised", noPidfd);
            Level(json, "cgroup", noControlGroup);
            Level(json, "namespace", noPidfd ?? NamespaceMembers.Problem());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Level(Utf8JsonWriter json, string name, string? problem)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("available", problem is null);
        if (problem is not null)
        {
            json.WriteString("reason", problem);
        }

        json.WriteEndObject();
    }

    private static string? PidfdProblem()
    {
        try
        {
            using var self = SystemCalls.OpenProcess(Environment.ProcessId);
            return null;
        }
        catch (LinuxException exception)
        {
            return $"{exception.Message} (Linux 5.3 or newer is needed)";
        }
    }
}
