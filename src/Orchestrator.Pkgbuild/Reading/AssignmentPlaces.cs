using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>Finds the place in the file of a line that <c>declare -f</c> prints: the assignments to a field in a function, by turns.</summary>
internal sealed class AssignmentPlaces
{
    private readonly ShellCommand.Function function;
    private readonly Queue<int> starts;

    internal AssignmentPlaces(ShellCommand.Function function, string name)
    {
        this.function = function;
        starts = new(ScriptOutline.Find(function.Source.Source, function).AssignmentsOf(name, function.Name));
    }

    /// <summary>The place of the next line; that of the function, where it is not found.</summary>
    internal Place PlaceOf(string line)
    {
        var text = function.Source.Source.Text;
        var head = line.AsSpan(0, Math.Min(line.Length, line.IndexOf('=', StringComparison.Ordinal) + 2));
        while (starts.TryDequeue(out var start))
        {
            // As much of it as is printed the way it is written.
            if (text.AsSpan(start).StartsWith(head) || head[^1] is '(' or '\'')
            {
                return function.Source.Source.PlaceOf(start);
            }
        }

        return function.Source.Source.PlaceOf(function.Start);
    }
}
