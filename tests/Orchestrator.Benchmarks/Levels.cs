using System.Diagnostics;
using System.Text.Json;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>The levels of containment that follow what leaves the group, as far as this machine offers them.</summary>
internal static class Levels
{
    private static readonly Lazy<IReadOnlyList<Containment>> Found = new(Probe);

    /// <summary>From the weakest to the strongest.</summary>
    internal static IReadOnlyList<Containment> Available => Found.Value;

    /// <summary>As the supervisor calls it.</summary>
    internal static string Name(Containment level) => level.ToString().ToLowerInvariant();

    /// <summary>The name of a row of a table.</summary>
    internal static string Row(Containment level) => $"`SupervisedCommand`, `{Name(level)}`";

    private static List<Containment> Probe()
    {
        string[] words = [.. Supervise.CommandLine(), "--probe"];
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        using var offer = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        var levels = new List<Containment>();
        foreach (var level in (Containment[])[Containment.Supervised, Containment.Cgroup, Containment.Namespace])
        {
            var about = offer.RootElement.GetProperty("containment").GetProperty(Name(level));
            if (about.GetProperty("available").GetBoolean())
            {
                levels.Add(level);
            }
            else
            {
                Console.Error.WriteLine($"`{Name(level)}` is not measured: {about.GetProperty("reason").GetString()}");
            }
        }

        return levels;
    }
}
