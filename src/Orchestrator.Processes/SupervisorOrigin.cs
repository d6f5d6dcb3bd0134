namespace Orchestrator.Processes;

/// <summary>What a supervisor is started with and out of: two that have the same are the same.</summary>
/// <param name="Owners">Whose death cancels what it runs.</param>
/// <param name="Environment">All variables.</param>
/// <param name="Traits">What else it inherits.</param>
internal sealed record SupervisorOrigin(IReadOnlyList<RunOwner> Owners, IReadOnlyDictionary<string, string> Environment, byte[] Traits)
{
    /// <summary>That of a supervisor that is started now.</summary>
    /// <param name="owners">Its owners.</param>
    /// <param name="changes">Changes to our environment; a null value removes a variable.</param>
    internal static SupervisorOrigin Now(IEnumerable<RunOwner> owners, IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            environment.Add((string)variable.Key, (string)variable.Value!);
        }

        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                environment.Remove(name);
            }
            else
            {
                environment[name] = value;
            }
        }

        return new([.. owners], environment, OwnTraits.Read());
    }

    public bool Equals(SupervisorOrigin? other) =>
        other is not null
        && Owners.SequenceEqual(other.Owners)
        && Traits.AsSpan().SequenceEqual(other.Traits)
        && Environment.Count == other.Environment.Count
        && Environment.All(variable => other.Environment.TryGetValue(variable.Key, out var value) && value == variable.Value);

    public override int GetHashCode() => HashCode.Combine(Owners.Count, Environment.Count, Traits.Length);
}
