using System.Collections;
using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// A pattern (<c>bash(1)</c>, Pattern Matching), <c>extglob</c> included. It is run over all places of a text at once, so
/// that no pattern takes more than its length times that of the text.
/// </summary>
internal sealed partial class Pattern
{
    private readonly Node[] nodes;

    private Pattern(Node[] nodes) => this.nodes = nodes;

    /// <summary>Compiles a pattern, in which a character that means itself has a backslash before it.</summary>
    internal static Pattern Compile(string text, bool hasExtendedGlobs, bool ignoresCase = false)
    {
        var index = 0;
        return new(new Compiler(text, hasExtendedGlobs, ignoresCase).CompileSequence(ref index, isNested: false));
    }

    /// <summary>A text as a pattern that matches it alone.</summary>
    internal static string Escape(string text)
    {
        StringBuilder result = new(text.Length);
        foreach (var character in text)
        {
            if (!char.IsLetterOrDigit(character) && !char.IsSurrogate(character))
            {
                result.Append('\\');
            }

            result.Append(character);
        }

        return result.ToString();
    }

    internal bool IsMatch(string text) => Run(nodes, text, Start(text.Length, 0), isBackward: false)[text.Length];

    /// <summary>Ends of what it matches from a place on.</summary>
    internal int? FindEnd(string text, int start, bool isLongest)
    {
        var ends = Run(nodes, text, Start(text.Length, start), isBackward: false);
        return isLongest ? Last(ends) : First(ends);
    }

    /// <summary>Begin of what it matches up to the end.</summary>
    internal int? FindStart(string text, bool isLongest)
    {
        var starts = Run(nodes, text, Start(text.Length, text.Length), isBackward: true);
        return isLongest ? First(starts) : Last(starts);
    }

    private static BitArray Start(int length, int position)
    {
        BitArray places = new(length + 1);
        places[position] = true;
        return places;
    }

    private static int? First(BitArray places)
    {
        for (var index = 0; index < places.Length; index++)
        {
            if (places[index])
            {
                return index;
            }
        }

        return null;
    }

    private static int? Last(BitArray places)
    {
        for (var index = places.Length - 1; index >= 0; index--)
        {
            if (places[index])
            {
                return index;
            }
        }

        return null;
    }

    private static BitArray Run(Node[] nodes, string text, BitArray places, bool isBackward)
    {
        for (var index = 0; index < nodes.Length && places.HasAnySet(); index++)
        {
            places = nodes[isBackward ? nodes.Length - 1 - index : index].Run(text, places, isBackward);
        }

        return places;
    }

    private abstract class Node
    {
        /// <summary>The places behind what it matches, from each of the places on.</summary>
        internal abstract BitArray Run(string text, BitArray places, bool isBackward);
    }

    /// <summary>Matches one character.</summary>
    private sealed class Single(Func<int, bool> matches) : Node
    {
        internal override BitArray Run(string text, BitArray places, bool isBackward)
        {
            BitArray result = new(places.Length);
            for (var index = 0; index < places.Length; index++)
            {
                if (!places[index])
                {
                    continue;
                }

                var (scalar, length) = isBackward ? Before(text, index) : At(text, index);
                if (length > 0 && matches(scalar))
                {
                    result[isBackward ? index - length : index + length] = true;
                }
            }

            return result;
        }

        private static (int Scalar, int Length) At(string text, int index) =>
            index >= text.Length ? (0, 0) :
            char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? (char.ConvertToUtf32(text[index], text[index + 1]), 2) :
            (text[index], 1);

        private static (int Scalar, int Length) Before(string text, int index) =>
            index == 0 ? (0, 0) :
            index > 1 && char.IsLowSurrogate(text[index - 1]) && char.IsHighSurrogate(text[index - 2]) ? (char.ConvertToUtf32(text[index - 2], text[index - 1]), 2) :
            (text[index - 1], 1);
    }

    /// <summary><c>*</c>.</summary>
    private sealed class Any : Node
    {
        internal override BitArray Run(string text, BitArray places, bool isBackward)
        {
            BitArray result = new(places.Length);
            var (first, last) = (First(places), Last(places));
            for (var index = isBackward ? 0 : first!.Value; index <= (isBackward ? last!.Value : places.Length - 1); index++)
            {
                result[index] = true;
            }

            return result;
        }
    }

    /// <summary><c>@(…)</c> and its like.</summary>
    private sealed class Group(char sign, Node[][] alternatives) : Node
    {
        internal override BitArray Run(string text, BitArray places, bool isBackward)
        {
            if (sign == '!')
            {
                return RunNot(text, places, isBackward);
            }

            var result = RunOnce(text, places, isBackward);
            if (sign is '*' or '+')
            {
                // Until nothing new is reached.
                for (var reached = result; reached.HasAnySet();)
                {
                    reached = RunOnce(text, reached, isBackward).And(new BitArray(result).Not());
                    result.Or(reached);
                }
            }

            return sign is '?' or '*' ? result.Or(places) : result;
        }

        private BitArray RunOnce(string text, BitArray places, bool isBackward)
        {
            BitArray result = new(places.Length);
            foreach (var alternative in alternatives)
            {
                result.Or(Pattern.Run(alternative, text, new(places), isBackward));
            }

            return result;
        }

        private BitArray RunNot(string text, BitArray places, bool isBackward)
        {
            BitArray result = new(places.Length);
            for (var index = 0; index < places.Length; index++)
            {
                if (places[index])
                {
                    var reached = RunOnce(text, Start(text.Length, index), isBackward);
                    for (var other = isBackward ? 0 : index; other <= (isBackward ? index : text.Length); other++)
                    {
                        result[other] |= !reached[other];
                    }
                }
            }

            return result;
        }
    }

    private sealed class Compiler(string text, bool hasExtendedGlobs, bool ignoresCase)
    {
        internal Node[] CompileSequence(ref int index, bool isNested)
        {
            List<Node> nodes = [];
            while (index < text.Length && !(isNested && text[index] is '|' or ')'))
            {
                var character = text[index];
                if (hasExtendedGlobs && character is '?' or '*' or '+' or '@' or '!' && index + 1 < text.Length && text[index + 1] == '(' && CompileGroup(index) is { } group)
                {
                    nodes.Add(group.Node);
                    index = group.End;
                    continue;
                }

                switch (character)
                {
                    case '*':
                        if (nodes.Count == 0 || nodes[^1] is not Any)
                        {
                            nodes.Add(new Any());
                        }

                        index++;
                        break;
                    case '?':
                        nodes.Add(new Single(_ => true));
                        index++;
                        break;
                    case '[' when CompileBracket(index) is { } bracket:
                        nodes.Add(bracket.Node);
                        index = bracket.End;
                        break;
                    case '\\' when index + 1 < text.Length:
                        index++;
                        nodes.Add(Exactly(ref index));
                        break;
                    default:
                        nodes.Add(Exactly(ref index));
                        break;
                }
            }

            return [.. nodes];
        }

        private Single Exactly(ref int index)
        {
            var scalar = Scalar(ref index);
            return ignoresCase ? new(other => Fold(other) == Fold(scalar)) : new(other => other == scalar);
        }

        private int Scalar(ref int index)
        {
            var isPair = char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]);
            var scalar = isPair ? char.ConvertToUtf32(text[index], text[index + 1]) : text[index];
            index += isPair ? 2 : 1;
            return scalar;
        }

        private static int Fold(int scalar) => Rune.TryCreate(scalar, out var rune) ? Rune.ToLowerInvariant(rune).Value : scalar;

        private (Node Node, int End)? CompileGroup(int start)
        {
            System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
            List<Node[]> alternatives = [];
            var index = start + 1;
            do
            {
                index++;
                alternatives.Add(CompileSequence(ref index, isNested: true));
            }
            while (index < text.Length && text[index] == '|');

            return index < text.Length ? (new Group(text[start], [.. alternatives]), index + 1) : null;
        }

        private (Node Node, int End)? CompileBracket(int start)
        {
            var index = start + 1;
            var isNegated = index < text.Length && text[index] is '!' or '^';
            index += isNegated ? 1 : 0;
            List<Func<int, bool>> members = [];
            for (var isFirst = true; index < text.Length && (text[index] != ']' || isFirst); isFirst = false)
            {
                if (text[index] == '[' && index + 1 < text.Length && text[index + 1] is ':' or '.' or '=' && text.IndexOf($"{text[index + 1]}]", index + 2, StringComparison.Ordinal) is >= 0 and var close)
                {
                    var name = text[(index + 2)..close];
                    members.Add(text[index + 1] == ':' ? CharacterClass.Find(name) : scalar => name.Length > 0 && scalar == name[0]);
                    index = close + 2;
                    continue;
                }

                if (Escaped(ref index) is not { } low)
                {
                    return null;
                }

                var high = low;
                if (index + 1 < text.Length && text[index] == '-' && text[index + 1] != ']')
                {
                    index++;
                    if (Escaped(ref index) is not { } last)
                    {
                        return null;
                    }

                    high = last;
                }

                members.Add(ignoresCase ? scalar => Within(Fold(scalar)) || Within(ToUpper(scalar)) : Within);
                bool Within(int scalar) => scalar >= low && scalar <= high;
            }

            // One that is not closed is a bracket and no more.
            return index >= text.Length ? null : (new Single(scalar => members.Exists(member => member(scalar)) != isNegated), index + 1);
        }

        private static int ToUpper(int scalar) => Rune.TryCreate(scalar, out var rune) ? Rune.ToUpperInvariant(rune).Value : scalar;

        private int? Escaped(ref int index)
        {
            index += text[index] == '\\' ? 1 : 0;
            return index < text.Length ? Scalar(ref index) : null;
        }
    }
}
