namespace Orchestrator.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Choice(IReadOnlyList<string> Groups, Rounds Rounds, string? ChartFile, string? Collection = null)
{
    internal bool Includes(string group) => Groups.Count == 0 || Groups.Contains(group);

    /// <returns>Null if the words are not understood.</returns>
    internal static Choice? Parse(IReadOnlyList<string> words)
    {
        var choice = new Choice([], Rounds.Full, null);
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--quick":
                    choice = choice with { Rounds = Rounds.Quick };
                    break;
                case "--chart" when i + 1 < words.Count:
                    choice = choice with { ChartFile = words[++i] };
                    break;
                case "--pkgbuilds" when i + 1 < words.Count:
                    choice = choice with { Collection = Path.GetFullPath(words[++i]) };
                    break;
                case var word when Benchmarks.Groups.Contains(word):
                    choice = choice with { Groups = [.. choice.Groups, word] };
                    break;
                default:
                    return null;
            }
        }

        return choice;
    }
}
