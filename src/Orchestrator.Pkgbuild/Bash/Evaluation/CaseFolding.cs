using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary><c>${x^^p}</c> and its like.</summary>
internal static class CaseFolding
{
    internal enum Kind
    {
        Lower,
        Upper,
        Toggle,
    }

    /// <summary>Changes the case of the characters that match a pattern; of all, if there is none.</summary>
    internal static string Apply(string text, Kind kind, bool isFirstOnly, Pattern? pattern)
    {
        StringBuilder result = new(text.Length);
        var isFirst = true;
        foreach (var rune in text.EnumerateRunes())
        {
            // A byte that is no character stands for itself.
            if (rune == Rune.ReplacementChar)
            {
                return ApplyByChar(text, kind, isFirstOnly, pattern);
            }

            var changes = (isFirst || !isFirstOnly) && (pattern is null || pattern.IsMatch(rune.ToString()));
            result.Append((changes ? Change(rune, kind) : rune).ToString());
            isFirst = false;
        }

        return result.ToString();
    }

    private static string ApplyByChar(string text, Kind kind, bool isFirstOnly, Pattern? pattern)
    {
        StringBuilder result = new(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            var changes = !char.IsSurrogate(character) && (index == 0 || !isFirstOnly) && (pattern is null || pattern.IsMatch(character.ToString()));
            result.Append(changes ? Change(new(character), kind).ToString() : character.ToString());
        }

        return result.ToString();
    }

    private static Rune Change(Rune rune, Kind kind) => kind switch
    {
        Kind.Lower => Rune.ToLowerInvariant(rune),
        Kind.Upper => Rune.ToUpperInvariant(rune),
        _ => Rune.IsUpper(rune) ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune),
    };
}
