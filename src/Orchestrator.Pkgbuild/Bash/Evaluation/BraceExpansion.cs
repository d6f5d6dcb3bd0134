using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Brace expansion (<c>bash(1)</c>): the first of all, and blind to what the characters will mean.</summary>
internal static class BraceExpansion
{
    /// <summary>More words than any list has, and far less than what would hurt.</summary>
    private const int MaximumWords = 100_000;

    /// <summary>Each of them is looked for up to the end.</summary>
    private const int MaximumUnclosed = 1000;

    /// <summary>Whether there can be anything to expand.</summary>
    internal static bool IsCandidate(Word word) =>
        word.Parts.Any(part => part is WordPart.Literal literal && literal.Text.Contains('{', StringComparison.Ordinal));

    /// <summary>Whether a word stands for more than one.</summary>
    internal static bool MakesSeveral(Word word) => IsCandidate(word) && Expand(word).Skip(1).Any();

    /// <summary>The words that a word stands for.</summary>
    internal static IEnumerable<Word> Expand(Word word)
    {
        // Characters without quotes one by one; everything else as it is.
        List<Atom> atoms = [];
        foreach (var part in word.Parts)
        {
            if (part is WordPart.Literal literal)
            {
                atoms.AddRange(literal.Text.Select(character => new Atom(character, null)));
            }
            else
            {
                atoms.Add(new('\0', part));
            }
        }

        return Expand(atoms).Select(expanded => new Word(ToParts(expanded), word.Start, word.End));
    }

    private static List<List<Atom>> Expand(List<Atom> atoms)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var unclosed = 0;
        for (var open = 0; open < atoms.Count; open++)
        {
            if (atoms[open].Sign != '{')
            {
                continue;
            }

            if (FindClose(atoms, open) is not (var close, var commas))
            {
                if (++unclosed > MaximumUnclosed)
                {
                    throw new InsufficientMemoryException($"a word has more than {MaximumUnclosed} braces that are not closed");
                }

                continue;
            }

            var inner = atoms[(open + 1)..close];
            var alternatives =
                commas.Count > 0 ? Split(atoms, open, close, commas).SelectMany(Expand).ToList() :
                ExpandSequence(inner);
            if (alternatives is null)
            {
                continue;
            }

            var prefix = atoms[..open];
            var suffixes = Expand(atoms[(close + 1)..]);
            if ((long)alternatives.Count * suffixes.Count > MaximumWords)
            {
                throw new InsufficientMemoryException($"a brace expansion makes more than {MaximumWords} words");
            }

            List<List<Atom>> result = new(alternatives.Count * suffixes.Count);
            foreach (var alternative in alternatives)
            {
                foreach (var suffix in suffixes)
                {
                    result.Add([.. prefix, .. alternative, .. suffix]);
                }
            }

            return result;
        }

        return [atoms];
    }

    private static (int Close, List<int> Commas)? FindClose(List<Atom> atoms, int open)
    {
        List<int> commas = [];
        var nesting = 0;
        for (var index = open + 1; index < atoms.Count; index++)
        {
            switch (atoms[index].Sign)
            {
                case '{':
                    nesting++;
                    break;
                case '}' when nesting > 0:
                    nesting--;
                    break;
                case '}':
                    return (index, commas);
                case ',' when nesting == 0:
                    commas.Add(index);
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private static IEnumerable<List<Atom>> Split(List<Atom> atoms, int open, int close, List<int> commas)
    {
        var begin = open + 1;
        foreach (var comma in commas.Append(close))
        {
            yield return atoms[begin..comma];
            begin = comma + 1;
        }
    }

    /// <summary><c>{1..9..2}</c>, <c>{a..f}</c>.</summary>
    private static List<List<Atom>>? ExpandSequence(List<Atom> inner)
    {
        if (inner.Exists(atom => atom.Part is not null))
        {
            return null;
        }

        var parts = string.Concat(inner.Select(atom => atom.Sign)).Split("..");
        var step = 1L;
        if (parts.Length is not (2 or 3) || (parts.Length == 3 && !TryNumber(parts[2], out step)))
        {
            return null;
        }

        var isNumeric = TryNumber(parts[0], out var first) & TryNumber(parts[1], out var last);
        var width = 0;
        if (isNumeric)
        {
            width = parts[..2].Any(part => part.TrimStart('-', '+') is ['0', _, ..]) ? Math.Max(parts[0].Length, parts[1].Length) : 0;
        }
        else if (parts[0] is [var from] && parts[1] is [var to] && char.IsAsciiLetter(from) && char.IsAsciiLetter(to))
        {
            (first, last) = (from, to);
        }
        else
        {
            return null;
        }

        step = Math.Max(1, Math.Abs(step));
        if (Math.Abs((decimal)last - first) / step > MaximumWords)
        {
            throw new InsufficientMemoryException($"a brace expansion makes more than {MaximumWords} words");
        }

        List<List<Atom>> result = [];
        for (var (value, sign) = (first, first <= last ? 1 : -1); sign > 0 ? value <= last : value >= last; value += sign * step)
        {
            var text = isNumeric ? Pad(value, width) : ((char)value).ToString();
            result.Add([.. text.Select(character => new Atom('\0', new WordPart.Literal(character.ToString())))]);
        }

        return result;
    }

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static string Pad(long value, int width)
    {
        var digits = Math.Abs(value).ToString(CultureInfo.InvariantCulture);
        return value < 0 ? $"-{digits.PadLeft(width - 1, '0')}" : digits.PadLeft(width, '0');
    }

    private static List<WordPart> ToParts(List<Atom> atoms)
    {
        List<WordPart> parts = [];
        System.Text.StringBuilder literal = new();
        foreach (var (sign, part) in atoms)
        {
            if (part is null)
            {
                literal.Append(sign);
                continue;
            }

            if (part is WordPart.Literal { Text: var text })
            {
                literal.Append(text);
                continue;
            }

            AddLiteral();
            parts.Add(part);
        }

        AddLiteral();
        return parts;

        void AddLiteral()
        {
            var text = literal.ToString();
            literal.Clear();

            // $x{,e} is $x $xe.
            if (parts is [.., WordPart.Parameter { Expansion: { IsShort: true } expansion }])
            {
                var length = text.AsSpan().IndexOfAnyExcept(NameCharacters) is >= 0 and var end ? end : text.Length;
                parts[^1] = new WordPart.Parameter(expansion with { Name = expansion.Name + text[..length] });
                text = text[length..];
            }

            if (text.Length > 0)
            {
                parts.Add(new WordPart.Literal(text));
            }
        }
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>A character without quotes, or a part that is not looked into.</summary>
    private readonly record struct Atom(char Sign, WordPart? Part);
}
