using System.Buffers;
using System.Text;

namespace Orchestrator.Supervisor;

/// <summary>
/// Names a run in the environment of everything that it starts, so that it can be found in /proc when whoever held it
/// is gone. A run inside a run adds its own name to the outer one's.
/// </summary>
internal static class RunId
{
    internal const string Variable = "ORCHESTRATOR_RUN";
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is a name as <see cref="Create"/> makes them.</summary>
    internal static bool IsValid(ReadOnlySpan<char> name) => name.Length == 32 && !name.ContainsAnyExcept(Digits);

    /// <summary>Whether the variable in an environment (<c>proc(5)</c>, environ) has a name among its parts.</summary>
    internal static bool IsIn(ReadOnlySpan<byte> environment, string name)
    {
        foreach (var range in environment.Split((byte)0))
        {
            var entry = environment[range];
            if (entry.StartsWith("ORCHESTRATOR_RUN="u8))
            {
                return Encoding.UTF8.GetString(entry[(Variable.Length + 1)..]).Split('/').Contains(name, StringComparer.Ordinal);
            }
        }

        return false;
    }

    /// <summary>A name that no other run has.</summary>
    internal static string Create() => Guid.NewGuid().ToString("N");

    /// <summary>What the variable holds in our own environment; null if we are in no run.</summary>
    internal static string? Outer => Environment.GetEnvironmentVariable(Variable);

    /// <summary>The name of a run inside another.</summary>
    internal static string Chain(string? outer, string id) => string.IsNullOrEmpty(outer) ? id : $"{outer}/{id}";
}
