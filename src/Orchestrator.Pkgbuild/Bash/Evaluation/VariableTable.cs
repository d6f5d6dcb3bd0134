namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Variables, in a scope for each function that is running: what <c>local</c> declares hides what is outside.</summary>
internal sealed class VariableTable
{
    private readonly List<Dictionary<string, Variable>> scopes = [[]];

    internal int Depth => scopes.Count;

    internal Variable? Find(string name)
    {
        for (var index = scopes.Count - 1; index >= 0; index--)
        {
            if (scopes[index].TryGetValue(name, out var variable))
            {
                return variable;
            }
        }

        return null;
    }

    internal Variable? FindLocal(string name) => scopes[^1].GetValueOrDefault(name);

    internal Variable? FindGlobal(string name) => scopes[0].GetValueOrDefault(name);

    /// <summary>The variable of this name; a new global one if there is none.</summary>
    internal Variable FindOrAdd(string name) => Find(name) ?? AddGlobal(name);

    internal Variable AddGlobal(string name) =>
        scopes[0].TryGetValue(name, out var variable) ? variable : scopes[0][name] = new();

    internal Variable AddLocal(string name, Variable? variable = null) => scopes[^1][name] = variable ?? new();

    /// <summary>Removes the innermost variable of this name. What a function hid stays hidden while it runs.</summary>
    internal void Remove(string name)
    {
        for (var index = scopes.Count - 1; index >= 0; index--)
        {
            if (scopes[index].ContainsKey(name))
            {
                // An unset local leaves a hole, unless it is a caller's.
                if (index == scopes.Count - 1 && index > 0)
                {
                    scopes[index][name] = new();
                }
                else
                {
                    scopes[index].Remove(name);
                }

                return;
            }
        }
    }

    internal void Push() => scopes.Add([]);

    internal void Pop() => scopes.RemoveAt(scopes.Count - 1);

    /// <summary>Names of all variables that are set, in bash's order.</summary>
    internal IEnumerable<string> Names =>
        scopes.SelectMany(scope => scope.Keys).Distinct().Where(name => Find(name)!.IsAssigned).Order(StringComparer.Ordinal);

    internal VariableTable Clone()
    {
        VariableTable clone = new();
        clone.scopes.Clear();
        foreach (var scope in scopes)
        {
            clone.scopes.Add(scope.ToDictionary(entry => entry.Key, entry => entry.Value.Clone()));
        }

        return clone;
    }
}
