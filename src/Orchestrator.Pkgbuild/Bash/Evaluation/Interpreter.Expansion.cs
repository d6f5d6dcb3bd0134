using System.Globalization;
using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>Expansion of words (<c>bash(1)</c>, EXPANSION).</content>
internal sealed partial class Interpreter
{
    private static readonly System.Buffers.SearchValues<char> Expandable = System.Buffers.SearchValues.Create("{*?[~(");

    private string Separators => Lookup("IFS") is { } variable ? Known(variable).First ?? " \t\n" : " \t\n";

    private List<string> ExpandWords(IEnumerable<Word> words)
    {
        List<string> result = [];
        foreach (var word in words)
        {
            ExpandWord(word, result);
        }

        return result;
    }

    /// <summary>Expands a word to any number of words.</summary>
    private void ExpandWord(Word word, List<string> result)
    {
        if (word.Constant is { } constant && !constant.AsSpan().ContainsAny(Expandable))
        {
            result.Add(constant);
            return;
        }

        foreach (var expanded in BraceExpansion.IsCandidate(word) ? BraceExpansion.Expand(word) : [word])
        {
            FieldBuffer buffer = new();
            ExpandParts(ExpandTilde(expanded.Parts, isAssignment: false), buffer, isQuoted: false, FieldBuffer.Kind.Literal);
            foreach (var field in buffer.Split(Separators))
            {
                if (!field.HasPattern || options.HasNoGlobs)
                {
                    result.Add(field.Text);
                }
                else
                {
                    ExpandGlob(field, result);
                }

                budget.Take(field.Text.Length + 1, place);
            }
        }
    }

    /// <summary>Expands a word to one text: no words are split, and no files looked for.</summary>
    private string ExpandText(Word word, bool splits = false) =>
        word.Constant is { } constant && !constant.StartsWith('~') ? constant : ExpandText(ExpandTilde(word.Parts, isAssignment: false), splits, isAssignment: false);

    private string ExpandText(IReadOnlyList<WordPart> parts, bool splits, bool isAssignment)
    {
        if (!splits || !parts.Any(part => part is WordPart.DoubleQuoted quoted && quoted.Parts.Any(IsList)))
        {
            return Join(parts, isAssignment: isAssignment);
        }

        // In case, [[ ]] and the value of a key, beside "$@", bash splits what is without quotes, and puts all of it together again.
        FieldBuffer buffer = new();
        ExpandParts(parts, buffer, isQuoted: false, FieldBuffer.Kind.Literal);
        return string.Join(' ', buffer.Split(Separators).Select(field => field.Text));
    }

    /// <summary>Expands the right side of an assignment.</summary>
    private string ExpandAssignmentText(Word word, bool splits = false) =>
        word.Constant is { } constant && !constant.Contains('~', StringComparison.Ordinal) ? constant : ExpandText(ExpandTilde(word.Parts, isAssignment: true), splits, isAssignment: true);

    /// <summary>Expands what stands between double quotes, or as if it did.</summary>
    private string ExpandQuotedText(Word word) => Join(word.Parts, isQuoted: true);

    private string Join(IReadOnlyList<WordPart> parts, bool isQuoted = false, bool isAssignment = false)
    {
        StringBuilder result = new();
        AppendText(parts, result, isQuoted, (text, _) => text, isAssignment);
        budget.Take(result.Length, place);
        return result.ToString();
    }

    /// <summary>Expands a word to a pattern: what is quoted means itself.</summary>
    private string ExpandPattern(Word word)
    {
        StringBuilder result = new();
        AppendText(ExpandTilde(word.Parts, isAssignment: false), result, isQuoted: false, (text, quoted) => quoted ? Pattern.Escape(text) : text);
        budget.Take(result.Length, place);
        return result.ToString();
    }

    private void AppendText(IReadOnlyList<WordPart> parts, StringBuilder result, bool isQuoted, Func<string, bool, string> shape, bool isAssignment = false)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case WordPart.Literal literal:
                    result.Append(shape(literal.Text, isQuoted));
                    break;
                case WordPart.Quoted quoted:
                    result.Append(shape(quoted.Text, true));
                    break;
                case WordPart.DoubleQuoted quoted:
                    AppendText(quoted.Parts, result, isQuoted: true, shape);
                    break;
                case WordPart.Parameter { Expansion: var expansion }:
                    AppendParameter(expansion, result, isQuoted, shape, isAssignment);
                    break;
                default:
                    result.Append(shape(ExpandSubstitution(part), isQuoted));
                    break;
            }
        }
    }

    private void AppendParameter(ParameterExpansion expansion, StringBuilder result, bool isQuoted, Func<string, bool, string> shape, bool isAssignment)
    {
        var value = Expand(expansion, isQuoted);
        if (value.Operand is { } operand)
        {
            AppendText(isQuoted ? operand.Parts : ExpandTilde(operand.Parts, isAssignment), result, isQuoted, shape, isAssignment);
            return;
        }

        // Of "${a[*]}" and ${a[*]} the first character of IFS stands between the members; of ${a[@]} a space, unless
        // something is done with them.
        var isList = expansion.Operator is ParameterOperator.None or ParameterOperator.Keys or ParameterOperator.Names;
        if (value is { All: '@', Items.Count: > 1 } && !isList && Separators is not [' ', ..])
        {
            throw new UnknownValueException(new(script.PlaceOf(expansion.Start), "what stands between the members of a changed list with this IFS is not evaluated here"));
        }

        var isChanged = !isQuoted && !isList;
        var separator = value.All != '*' && !isChanged ? " " : Separators is [var first, ..] ? first.ToString() : "";
        result.Append(shape(value.Items is { } items ? string.Join(separator, items) : value.Text ?? "", isQuoted));
    }

    private void ExpandParts(IReadOnlyList<WordPart> parts, FieldBuffer buffer, bool isQuoted, FieldBuffer.Kind literalKind)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case WordPart.Literal literal:
                    buffer.Append(literal.Text, isQuoted ? FieldBuffer.Kind.Quoted : literalKind);
                    break;
                case WordPart.Quoted quoted:
                    buffer.Append(quoted.Text, FieldBuffer.Kind.Quoted);
                    buffer.Mark(FieldBuffer.Kind.Presence);
                    break;
                case WordPart.DoubleQuoted quoted:
                    ExpandDoubleQuotes(quoted, buffer);
                    break;
                case WordPart.Parameter { Expansion: var expansion }:
                    ExpandParameter(expansion, buffer, isQuoted);
                    break;
                default:
                    buffer.Append(ExpandSubstitution(part), isQuoted ? FieldBuffer.Kind.Quoted : FieldBuffer.Kind.Expanded);
                    break;
            }
        }
    }

    private void ExpandDoubleQuotes(WordPart.DoubleQuoted quoted, FieldBuffer buffer)
    {
        // "$@" is no word if there are no arguments; "" is one.
        var hasList = quoted.Parts.Any(IsList);
        if (!hasList)
        {
            buffer.Mark(FieldBuffer.Kind.Presence);
        }

        var length = buffer.Length;
        ExpandParts(quoted.Parts, buffer, isQuoted: true, FieldBuffer.Kind.Quoted);
        if (hasList && buffer.IsBareSince(length) && quoted.Parts.FirstOrDefault(part => quoted.Parts.Count > 1 && part is WordPart.Parameter { Expansion.Operator: not ParameterOperator.None }) is WordPart.Parameter changed)
        {
            throw new UnknownValueException(new(script.PlaceOf(changed.Expansion.Start), "whether nothing at all is a word here is not evaluated here"));
        }
    }

    private static bool IsList(WordPart part) => part is WordPart.Parameter { Expansion: { All: '@', Operator: not ParameterOperator.Length } };

    private void ExpandParameter(ParameterExpansion expansion, FieldBuffer buffer, bool isQuoted)
    {
        var value = Expand(expansion, isQuoted);
        if (value.Operand is { } operand)
        {
            if (isQuoted && !operand.Parts.Any(IsList))
            {
                buffer.Mark(FieldBuffer.Kind.Presence);
            }
            else if (!isQuoted && Separators != " \t\n" && HasList(operand.Parts))
            {
                throw new UnknownValueException(new(script.PlaceOf(expansion.Start), "how a list in a default is split with this IFS is not evaluated here"));
            }

            // The words of a default are split like a value.
            ExpandParts(isQuoted ? operand.Parts : ExpandTilde(operand.Parts, isAssignment: false), buffer, isQuoted, isQuoted ? FieldBuffer.Kind.Quoted : FieldBuffer.Kind.Expanded);
            return;
        }

        if (value.Items is not { } items)
        {
            buffer.Append(value.Text ?? "", isQuoted ? FieldBuffer.Kind.Quoted : FieldBuffer.Kind.Expanded);
            return;
        }

        var separators = Separators;
        if (isQuoted && value.All == '*')
        {
            buffer.Append(string.Join(separators is [var first, ..] ? first.ToString() : "", items), FieldBuffer.Kind.Quoted);
            if (items.Count > 0)
            {
                buffer.Mark(FieldBuffer.Kind.Presence);
            }

            return;
        }

        if (!isQuoted && separators.Length == 0 && items.Count > 1 && expansion.Operator is not (ParameterOperator.None or ParameterOperator.Keys or ParameterOperator.Names))
        {
            throw new UnknownValueException(new(script.PlaceOf(expansion.Start), "how a changed list is split with an empty IFS is not evaluated here"));
        }

        // Without quotes, an IFS that does not begin with a blank keeps empty members: they are joined, and split again.
        var joins = !isQuoted && separators is [not (' ' or '\t' or '\n'), ..];
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0 && joins)
            {
                buffer.Append(separators[..1], FieldBuffer.Kind.Expanded);
            }
            else if (index > 0)
            {
                buffer.Mark(FieldBuffer.Kind.Break);
            }

            buffer.Append(items[index], isQuoted ? FieldBuffer.Kind.Quoted : FieldBuffer.Kind.Expanded);
            if (isQuoted)
            {
                buffer.Mark(FieldBuffer.Kind.Presence);
            }
        }
    }

    /// <summary>What a command or an expression yields.</summary>
    private string ExpandSubstitution(WordPart part)
    {
        switch (part)
        {
            case WordPart.Arithmetic arithmetic:
                return EvaluateArithmetic(ExpandQuotedText(arithmetic.Expression)).ToString(CultureInfo.InvariantCulture);
            case WordPart.CommandSubstitution substitution:
                return Substitute(substitution);
            case WordPart.Unfollowed unfollowed:
                throw new UnknownValueException(new(script.PlaceOf(unfollowed.Start), "quotes that end inside an expansion are not evaluated here"));
            case WordPart.ProcessSubstitution process:
                throw new UnknownValueException(new(script.PlaceOf(process.Start), "<( ) is the name of a pipe"));
            default:
                throw new NotSupportedException(part.GetType().Name);
        }
    }

    private string Substitute(WordPart.CommandSubstitution substitution)
    {
        // $(< file) is the file.
        if (substitution.Body is ShellCommand.Sequence { Items: [({ } only, false)] } &&
            only is ShellCommand.Simple { Assignments.Count: 0, Arguments.Count: 0, Redirections: [{ Operator: "<", Descriptor: 0 } redirection] })
        {
            substitutionStatus = 0;
            if (ReadFile(ExpandText(redirection.Target)) is { } content)
            {
                return content.Replace("\0", "", StringComparison.Ordinal).TrimEnd('\n');
            }

            substitutionStatus = 1;
            return "";
        }

        if (++calls > MaximumCalls)
        {
            throw new ShellErrorException($"substitutions are nested more than {MaximumCalls} deep", place, isLimit: true);
        }

        var at = place;
        var (text, unknown) = Capture(substitution.Body, substitution.Source);
        place = at;
        calls--;
        return unknown is null ? text.Replace("\0", "", StringComparison.Ordinal).TrimEnd('\n') : throw Unknowable(unknown);
    }

    private UnknownValueException Unknowable(UnknownValue unknown)
    {
        substitutionStatus = Unknown;
        statusReason = unknown;
        return new(unknown);
    }

    /// <summary>Replaces <c>~</c> at the begin of a word; in an assignment, also after a colon.</summary>
    private IReadOnlyList<WordPart> ExpandTilde(IReadOnlyList<WordPart> parts, bool isAssignment)
    {
        if (!parts.Any(part => part is WordPart.Literal literal && literal.Text.Contains('~', StringComparison.Ordinal)))
        {
            return parts;
        }

        List<WordPart> result = [];
        for (var index = 0; index < parts.Count; index++)
        {
            if (parts[index] is not WordPart.Literal { Text: var text })
            {
                result.Add(parts[index]);
                continue;
            }

            var begin = 0;
            for (var at = 0; at < text.Length; at++)
            {
                var canBegin = at == 0 ? index == 0 : isAssignment && text[at - 1] is ':' || (isAssignment && text[at - 1] == '=' && index == 0);
                if (text[at] != '~' || !canBegin)
                {
                    continue;
                }

                var end = text.AsSpan(at).IndexOfAny(isAssignment ? "/:" : "/") is >= 0 and var length ? at + length : text.Length;
                if (end == text.Length && index + 1 < parts.Count)
                {
                    break; // A name that goes on in quotes is none.
                }

                if (HomeOf(text[(at + 1)..end]) is not { } folder)
                {
                    continue;
                }

                result.Add(new WordPart.Literal(text[begin..at]));
                result.Add(new WordPart.Quoted(folder));
                begin = end;
            }

            if (begin < text.Length)
            {
                result.Add(new WordPart.Literal(text[begin..]));
            }
        }

        result.RemoveAll(part => part is WordPart.Literal { Text: "" });
        return result;
    }

    private string? HomeOf(string name) => name switch
    {
        "" => variables.Find("HOME") is { } variable ? Known(variable).First ?? home : home,
        "+" => Lookup("PWD") is { } current ? Known(current).First : null,
        "-" => Lookup("OLDPWD") is { } old ? Known(old).First : null,
        _ when name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-') =>
            throw new UnknownValueException(new(place, $"the home folder of '{name}' is another machine's matter")),
        _ => null,
    };
}
