namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>${…}</c>.</content>
internal sealed partial class ScriptParser
{
    /// <summary>What follows <c>${</c>, up to and with its brace.</summary>
    private WordPart.Parameter ParseBraces(int start, bool isQuoted)
    {
        Enter();
        var expansion = ParseExpansion(start, isQuoted);
        if (Current != '}')
        {
            if (IsAtEnd)
            {
                throw Unclosed('}', start);
            }

            // bash says "bad substitution" when it gets there, and not before.
            while (Current != '}')
            {
                if (IsAtEnd)
                {
                    throw Unclosed('}', start);
                }

                ParseUnquoted(new PartList(this));
            }

            expansion = expansion with { Operator = ParameterOperator.Invalid };
        }

        position++;
        depth--;
        return new(expansion);
    }

    private ParameterExpansion ParseExpansion(int start, bool isQuoted)
    {
        var isLength = Current == '#' && IsParameterAhead(1, isLength: true);
        var isIndirect = Current == '!' && IsParameterAhead(1, isLength: false);
        position += isLength || isIndirect ? 1 : 0;
        var name = ParseParameterName();
        ParameterExpansion expansion = new() { Name = name, Start = start, IsIndirect = isIndirect, All = name is "@" or "*" ? name[0] : '\0' };
        if (name.Length == 0)
        {
            return expansion with { Operator = ParameterOperator.Invalid };
        }

        if (Current == '[' && IsNameCharacter(name[0], isFirst: true))
        {
            if (Peek(1) is '@' or '*' && Peek(2) == ']')
            {
                expansion = expansion with { All = Peek(1) };
                position += 3;
            }
            else if (FindSubscriptEnd(position) is { } close)
            {
                expansion = expansion with { Subscript = ParseSubscriptRange(position + 1, close) };
                position = close + 1;
            }
        }

        if (isLength)
        {
            return expansion with { Operator = ParameterOperator.Length };
        }

        if (isIndirect && Current is '@' or '*' && Peek(1) == '}')
        {
            var all = Current;
            position++;
            return expansion with { Operator = ParameterOperator.Names, All = all };
        }

        return isIndirect && expansion.All != '\0' && Current == '}' && name is not ("@" or "*")
            ? expansion with { Operator = ParameterOperator.Keys, IsIndirect = false }
            : ParseOperator(expansion, isQuoted);
    }

    /// <summary>Whether <c>#</c> or <c>!</c> stands before a parameter, and is not one itself.</summary>
    private bool IsParameterAhead(int offset, bool isLength)
    {
        var next = Peek(offset);
        if (IsNameCharacter(next, isFirst: true) || char.IsAsciiDigit(next))
        {
            return true;
        }

        // ${#-x}, ${#?x} and their like are about $#; ${#-} and ${#?} are lengths.
        return isLength
            ? next is '@' or '*' || (next is '#' or '?' or '-' or '$' or '!' && Peek(offset + 1) == '}')
            : next is '@' or '*' or '#';
    }

    private string ParseParameterName()
    {
        var start = position;
        if (char.IsAsciiDigit(Current))
        {
            while (char.IsAsciiDigit(Current))
            {
                position++;
            }
        }
        else if (Current is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            position++;
        }
        else
        {
            while (!IsAtEnd && IsNameCharacter(Current, isFirst: position == start))
            {
                position++;
            }
        }

        return text[start..position];
    }

    private ParameterExpansion ParseOperator(ParameterExpansion expansion, bool isQuoted)
    {
        var sign = Current;
        switch (sign)
        {
            case '}':
                return expansion;
            case ':' when Peek(1) is '-' or '=' or '?' or '+':
                position++;
                return ParseDefault(expansion with { CountsEmpty = true }, isQuoted);
            case '-' or '=' or '?' or '+':
                return ParseDefault(expansion, isQuoted);
            case ':':
                position++;
                return ParseSubstring(expansion);
            case '#' or '%' or '^' or ',' or '~':
                position++;
                var isDouble = Current == sign;
                position += isDouble ? 1 : 0;
                return expansion with { Operator = PatternOperator(sign, isDouble), Operand = ParseOperand(Operand.Pattern, '}') };
            case '/':
                position++;
                return ParseReplacement(expansion);
            case '@' when Peek(2) == '}' && char.IsAsciiLetter(Peek(1)):
                var letter = text.Substring(position + 1, 1);
                position += 2;
                return expansion with { Operator = ParameterOperator.Transform, Operand = new([new WordPart.Literal(letter)], position - 1, position) };
            default:
                return expansion with { Operator = ParameterOperator.Invalid };
        }
    }

    private static ParameterOperator PatternOperator(char sign, bool isDouble) => (sign, isDouble) switch
    {
        ('#', false) => ParameterOperator.RemoveShortestPrefix,
        ('#', true) => ParameterOperator.RemoveLongestPrefix,
        ('%', false) => ParameterOperator.RemoveShortestSuffix,
        ('%', true) => ParameterOperator.RemoveLongestSuffix,
        ('^', false) => ParameterOperator.UpperFirst,
        ('^', true) => ParameterOperator.UpperAll,
        (',', false) => ParameterOperator.LowerFirst,
        (',', true) => ParameterOperator.LowerAll,
        (_, false) => ParameterOperator.ToggleFirst,
        (_, true) => ParameterOperator.ToggleAll,
    };

    private ParameterExpansion ParseDefault(ParameterExpansion expansion, bool isQuoted)
    {
        var kind = Current switch
        {
            '-' => ParameterOperator.Default,
            '=' => ParameterOperator.AssignDefault,
            '?' => ParameterOperator.Required,
            _ => ParameterOperator.Alternative,
        };
        position++;
        return expansion with { Operator = kind, Operand = ParseOperand(isQuoted ? Operand.QuotedText : Operand.Text, '}') };
    }

    private ParameterExpansion ParseSubstring(ParameterExpansion expansion)
    {
        var offset = ParseOperand(Operand.Expression, ':');
        Word? length = null;
        if (Current == ':')
        {
            position++;
            length = ParseOperand(Operand.Expression, '}');
        }

        return expansion with { Operator = ParameterOperator.Substring, Operand = offset, SecondOperand = length };
    }

    private ParameterExpansion ParseReplacement(ParameterExpansion expansion)
    {
        var kind = Current switch
        {
            '/' => ParameterOperator.ReplaceAll,
            '#' => ParameterOperator.ReplacePrefix,
            '%' => ParameterOperator.ReplaceSuffix,
            _ => ParameterOperator.ReplaceFirst,
        };
        position += kind == ParameterOperator.ReplaceFirst ? 0 : 1;

        // A slash that comes first is the pattern's, not its end: ${x////_}.
        var pattern = ParseOperand(Operand.Pattern, '/', takesFirst: kind == ParameterOperator.ReplaceAll);
        Word? replacement = null;
        if (Current == '/')
        {
            position++;
            replacement = ParseOperand(Operand.Pattern, '}');
        }

        return expansion with { Operator = kind, Operand = pattern, SecondOperand = replacement };
    }

    /// <summary>A word inside of braces, up to the sign that ends it, or the brace.</summary>
    private Word ParseOperand(Operand kind, char close, bool takesFirst = false)
    {
        var start = position;
        var parts = new PartList(this);
        var (parentheses, questions) = (0, 0);
        while (!IsAtEnd && Current != '}')
        {
            if (Current == close && parentheses == 0 && questions == 0 && !(takesFirst && position == start))
            {
                break;
            }

            if (kind == Operand.Expression)
            {
                parentheses += Current switch { '(' => 1, ')' => -1, _ => 0 };
                questions += Current switch { '?' => 1, ':' => -1, _ => 0 };
                ParseQuoted(parts, QuotedText.Arithmetic);
            }
            else if (kind == Operand.QuotedText)
            {
                ParseQuotedOperand(parts);
            }
            else
            {
                ParseUnquoted(parts);
            }
        }

        return parts.ToWord(start);
    }

    /// <summary>Where the bracket is that closes the one at a place; null if there is none in this line.</summary>
    private int? FindSubscriptEnd(int opening)
    {
        // Far beyond any key; it keeps the search from being quadratic.
        const int MaximumLength = 4096;
        var limit = Math.Min(end, opening + MaximumLength);
        var nesting = 0;
        for (var at = opening; at < limit; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '\'' or '"':
                    at = text.IndexOf(text[at], at + 1, limit - at - 1);
                    if (at < 0)
                    {
                        return null;
                    }

                    break;
                case '\n':
                    return null;
                case '[':
                    nesting++;
                    break;
                case ']' when --nesting == 0:
                    return at;
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>The text between two brackets. The position is the same afterwards.</summary>
    private Word ParseSubscriptRange(int start, int limit)
    {
        var (savedPosition, savedEnd) = (position, end);
        (position, end) = (start, limit);
        Enter();
        var parts = new PartList(this);
        while (!IsAtEnd)
        {
            ParseUnquoted(parts);
        }

        var word = parts.ToWord(start);
        depth--;
        (position, end) = (savedPosition, savedEnd);
        return word;
    }

    private enum Operand
    {
        Text,
        QuotedText,
        Pattern,
        Expression,
    }
}
