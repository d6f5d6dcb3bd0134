namespace Cake.Frosting.Standin.Tests;

/// <summary>What the parts of a build did, in order; each can ask for it in its constructor.</summary>
internal sealed class Trace
{
    private readonly List<string> _entries = [];

    public IReadOnlyList<string> Entries => _entries;

    public void Add(string entry) => _entries.Add(entry);
}
