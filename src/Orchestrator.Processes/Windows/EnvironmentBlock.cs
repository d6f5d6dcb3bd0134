using System.Collections;
using System.Text;

namespace Orchestrator.Processes.Windows;

/// <summary>The environment of a command: ours, with changes. Names differ by more than their case.</summary>
internal sealed class EnvironmentBlock
{
    private readonly SortedDictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="changes">Changes to our own environment; a null value removes a variable.</param>
    internal EnvironmentBlock(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string)variable.Value!;
        }

        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }
    }

    /// <summary>The value of a variable; null if there is none.</summary>
    internal string? this[string name] => variables.GetValueOrDefault(name);

    /// <summary>Sorted, each variable ended by a zero, and all by one more, as CreateProcessW wants it.</summary>
    public override string ToString()
    {
        var block = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            block.Append(name).Append('=').Append(value).Append('\0');
        }

        return block.Append('\0').ToString();
    }
}
