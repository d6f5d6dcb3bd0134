using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>The levels of containment that follow what leaves the group, as far as this machine offers them.</summary>
internal static class MeasuredLevels
{
    private static readonly Lazy<IReadOnlyList<Containment>> Found = new(Find);

    /// <summary>From the weakest to the strongest.</summary>
    internal static IReadOnlyList<Containment> Available => Found.Value;

    /// <summary>As the supervisor calls it.</summary>
    internal static string Name(Containment level) => level.ToString().ToLowerInvariant();

    /// <summary>The name of a row of a table.</summary>
    internal static string Row(Containment level) => $"`SupervisedCommand`, `{Name(level)}`";

    private static List<Containment> Find()
    {
        var levels = new List<Containment>();
        foreach (var name in Levels.Followers)
        {
            if (Levels.Problem(name) is { } problem)
            {
                Console.Error.WriteLine($"Not measured: {problem}");
            }
            else
            {
                levels.Add(Enum.Parse<Containment>(name, ignoreCase: true));
            }
        }

        return levels;
    }
}
