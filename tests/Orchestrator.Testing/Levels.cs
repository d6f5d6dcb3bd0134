using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>The levels of containment, and which of them this machine offers.</summary>
public static class Levels
{
    private static readonly Lazy<JsonElement> Machine = new(Ask);

    /// <summary>Those that follow what leaves the process group.</summary>
    public static IReadOnlyList<string> Followers { get; } = ["supervised", "cgroup", "namespace"];

    /// <summary>Why a level cannot be had here; null if it can.</summary>
    public static string? Problem(string level)
    {
        var offer = Machine.Value.GetProperty("containment").GetProperty(level);
        return offer.GetProperty("available").GetBoolean() ? null : $"{level}: {offer.GetProperty("reason").GetString()}";
    }

    private static JsonElement Ask()
    {
        var words = Supervise.CommandLine();
        using var process = Process.Start(new ProcessStartInfo(words[0], [.. words.Skip(1), "--probe"]) { RedirectStandardOutput = true })!;
        using var document = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return document.RootElement.Clone();
    }
}
