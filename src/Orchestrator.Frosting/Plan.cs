using Cake.Core;

namespace Orchestrator.Frosting;

/// <summary>What a host was asked to run.</summary>
internal sealed class Plan(ICakeEngine engine, ICakeArguments arguments)
{
    /// <summary>The tasks that were asked for.</summary>
    internal IReadOnlyList<string> Targets { get; } = arguments.GetArguments("target") is { Count: > 0 } targets ? [.. targets] : ["Default"];

    internal bool IsTarget(string task) => Targets.Contains(task, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a task is to run, as a target or since a target needs it.</summary>
    internal bool Includes(string task)
    {
        HashSet<string> included = new(StringComparer.OrdinalIgnoreCase);
        Stack<string> waiting = new(Targets);
        while (waiting.TryPop(out var name))
        {
            if (included.Add(name) && !arguments.HasArgument("exclusive"))
            {
                foreach (var needed in NeededBy(name))
                {
                    waiting.Push(needed);
                }
            }
        }

        return included.Contains(task);
    }

    private IEnumerable<string> NeededBy(string task) => engine.Tasks
        .Where(known => IsSame(known.Name, task))
        .SelectMany(known => known.Dependencies)
        .Select(dependency => dependency.Name)
        .Concat(engine.Tasks.Where(known => known.Dependees.Any(dependee => IsSame(dependee.Name, task))).Select(known => known.Name));

    private static bool IsSame(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
