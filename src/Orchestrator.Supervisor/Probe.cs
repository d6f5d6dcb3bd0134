using System.Text;
using System.Text.Json;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>What this machine offers.</summary>
internal static class Probe
{
    /// <summary>One JSON object: for each level, and for pidfds, whether it is available and, if not, why; and which level <c>auto</c> takes.</summary>
    internal static string Json()
    {
        var noControlGroup = ControlGroup.Problem();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("auto", noControlGroup is null ? "cgroup" : "supervised");
            json.WriteBoolean("native", OwnProgram.IsNative);
            json.WriteStartObject("containment");
            Offer(json, "group", GroupMembers.Problem());
            Offer(json, "supervised", null);
            Offer(json, "cgroup", noControlGroup);
            Offer(json, "namespace", NamespaceMembers.Problem());
            json.WriteEndObject();
            Offer(json, "pidfd", SystemCalls.OpenProcessProblem());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Offer(Utf8JsonWriter json, string name, string? problem)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("available", problem is null);
        if (problem is not null)
        {
            json.WriteString("reason", problem);
        }

        json.WriteEndObject();
    }
}
