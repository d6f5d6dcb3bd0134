using System.Buffers;
using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>Words and quoting.</content>
internal sealed partial class ScriptParser
{
    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\n;&|()<>");

    private static bool IsNameCharacter(char character, bool isFirst) =>
        char.IsAsciiLetter(character) || character == '_' || (!isFirst && char.IsAsciiDigit(character));

    private Word ParseRequiredWord()
    {
        var start = position;
        var word = ParseWord();
        return position > start ? word : throw Unexpected();
    }

    /// <summary>A word; an empty one where none is.</summary>
    private Word ParseWord()
    {
        var start = position;
        var parts = new PartList(this);
        while (position < end)
        {
            switch (Current)
            {
                case '<' or '>' when Peek(1) == '(':
                    parts.Add(ParseProcessSubstitution());
                    continue;
                case '(' when hasExtendedGlobs && parts.EndsWithAny("?*+@!"):
                    ParseExtendedGlob(parts);
                    continue;
                case ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>':
                    return parts.ToWord(start);
                default:
                    ParseUnquoted(parts);
                    continue;
            }
        }

        return parts.ToWord(start);
    }

    /// <summary>One character outside of quotes, or what it opens.</summary>
    private void ParseUnquoted(PartList parts)
    {
        switch (Current)
        {
            case '\\':
                if (Peek(1) == '\n')
                {
                    parts.Skip(2);
                }
                else if (position + 1 >= end)
                {
                    parts.TakeLiteral();
                }
                else
                {
                    parts.Add(new WordPart.Quoted(text.Substring(position + 1, TextLength(position + 1))), 1 + TextLength(position + 1));
                }

                break;
            case '\'':
                var close = text.IndexOf('\'', position + 1, end - position - 1);
                if (close < 0)
                {
                    throw Unclosed('\'', position);
                }

                parts.Add(new WordPart.Quoted(text[(position + 1)..close]), close + 1 - position);
                break;
            case '"':
                parts.Add(ParseDoubleQuotes());
                break;
            case '`':
                parts.Add(ParseBackquotes(isQuoted: false));
                break;
            case '$':
                ParseDollar(parts, isQuoted: false);
                break;
            default:
                parts.TakeLiteral();
                break;
        }
    }

    private int TextLength(int at) => char.IsHighSurrogate(text[at]) && at + 1 < end && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    /// <summary><c>@(a|b)</c> and its like: the sign is there already.</summary>
    private void ParseExtendedGlob(PartList parts)
    {
        Enter();
        var opening = position;
        parts.TakeLiteral();
        while (Current != ')')
        {
            if (IsAtEnd)
            {
                throw Unclosed(')', opening);
            }

            if (Current == '(' && parts.EndsWithAny("?*+@!"))
            {
                ParseExtendedGlob(parts);
            }
            else
            {
                ParseUnquoted(parts);
            }
        }

        parts.TakeLiteral();
        depth--;
    }

    private WordPart.DoubleQuoted ParseDoubleQuotes()
    {
        Enter();
        var opening = position;
        position++;
        var parts = new PartList(this);
        while (Current != '"' || IsAtEnd)
        {
            if (IsAtEnd)
            {
                throw Unclosed('"', opening);
            }

            ParseQuoted(parts, QuotedText.DoubleQuotes);
        }

        var inner = parts.ToWord(opening);
        position++;
        depth--;
        return new(inner.Parts);
    }

    /// <summary>A range of the text as if it stood between double quotes. The position is the same afterwards.</summary>
    private Word ParseQuotedRange(int start, int limit, QuotedText kind)
    {
        var (savedPosition, savedEnd) = (position, end);
        (position, end) = (start, limit);
        Enter();
        var parts = new PartList(this);
        while (!IsAtEnd)
        {
            ParseQuoted(parts, kind);
        }

        var word = parts.ToWord(start);
        depth--;
        (position, end) = (savedPosition, savedEnd);
        return word;
    }

    /// <summary>One character between double quotes, or what it opens.</summary>
    private void ParseQuoted(PartList parts, QuotedText kind)
    {
        switch (Current)
        {
            case '\\' when Peek(1) == '\n':
                parts.Skip(2);
                break;
            case '\\' when Peek(1) is '$' or '`' or '\\' || (Peek(1) == '"' && kind != QuotedText.HereDocument):
                parts.Skip(1);
                parts.TakeLiteral();
                break;
            case '"' when kind == QuotedText.Arithmetic:
                parts.Skip(1);
                break;
            case '`':
                parts.Add(ParseBackquotes(isQuoted: true));
                break;
            case '$':
                ParseDollar(parts, isQuoted: true);
                break;
            default:
                parts.TakeLiteral();
                break;
        }
    }

    /// <summary>What <c>$</c> begins.</summary>
    private void ParseDollar(PartList parts, bool isQuoted)
    {
        var start = position;
        var next = Peek(1);
        switch (next)
        {
            case '(' when Peek(2) == '(' && FindArithmeticEnd(position + 3) is { } close:
                var expression = ParseQuotedRange(position + 3, close, QuotedText.Arithmetic);
                parts.Add(new WordPart.Arithmetic(expression), close + 2 - position);
                break;
            case '(':
                parts.Flush();
                position += 2;
                parts.Add(ParseSubstitution(start));
                break;
            case '[' when FindBracketEnd(position + 2) is { } bracket:
                parts.Add(new WordPart.Arithmetic(ParseQuotedRange(position + 2, bracket, QuotedText.Arithmetic)), bracket + 1 - position);
                break;
            case '{':
                parts.Flush();
                position += 2;
                parts.Add(ParseBraces(start, isQuoted));
                break;
            case '\'' when !isQuoted:
                parts.Flush();
                parts.Add(ParseAnsiQuotes(start));
                break;
            case '"' when !isQuoted:
                parts.Skip(1);
                raw.Replace(start, start + 1, () => "");
                parts.Add(ParseDoubleQuotes());
                break;
            case '@' or '*' or '#' or '?' or '-' or '$' or '!':
            case >= '0' and <= '9':
                parts.Add(new WordPart.Parameter(new() { Name = next.ToString(), All = next is '@' or '*' ? next : '\0', Start = start }), 2);
                break;
            default:
                var at = start + 1;
                while (at < end && IsNameCharacter(text[at], isFirst: at == start + 1))
                {
                    at++;
                }

                if (at == start + 1)
                {
                    parts.TakeLiteral();
                }
                else
                {
                    parts.Add(new WordPart.Parameter(new() { Name = text[(start + 1)..at], Start = start, IsShort = true }), at - start);
                }

                break;
        }
    }

    /// <summary>What follows <c>$(</c>.</summary>
    private WordPart.CommandSubstitution ParseSubstitution(int start)
    {
        HereDocument[] outer = [.. hereDocuments];
        hereDocuments.Clear();
        var outerGlobs = hasExtendedGlobsNext;
        var body = ParseList();
        hasExtendedGlobsNext = outerGlobs;
        if (IsAtEnd)
        {
            throw Unclosed(')', start);
        }

        Expect(')');
        hereDocuments.Clear();
        hereDocuments.AddRange(outer);
        raw.Replace(start, position, () => $"$({CommandPrinter.PrintLine(body, raw)})");
        return new(body, source, start);
    }

    private WordPart.ProcessSubstitution ParseProcessSubstitution()
    {
        var start = position;
        var isInput = Current == '<';
        position += 2;
        var body = ParseSubstitution(start).Body;
        raw.Replace(start, position, () => $"{(isInput ? '<' : '>')}({CommandPrinter.PrintLine(body, raw)})");
        return new(body, source, isInput, start);
    }

    private WordPart.CommandSubstitution ParseBackquotes(bool isQuoted)
    {
        var start = position;
        StringBuilder inner = new();
        position++;
        while (Current != '`')
        {
            if (IsAtEnd)
            {
                throw Unclosed('`', start);
            }

            if (Current == '\\' && (Peek(1) is '$' or '`' or '\\' || (isQuoted && Peek(1) == '"')))
            {
                position++;
            }

            inner.Append(Current);
            position++;
        }

        position++;
        Enter();
        ScriptParser parser = new(new(inner.ToString(), source.File, source.PlaceOf(start)), hasExtendedGlobs, depth);
        var body = parser.ParseList(isWhole: true);
        if (!parser.IsAtEnd)
        {
            throw parser.Unexpected();
        }

        depth--;
        return new(body, parser.source, start);
    }

    private WordPart.Quoted ParseAnsiQuotes(int start)
    {
        var at = start + 2;
        while (at < end && text[at] != '\'')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        if (at >= end)
        {
            throw Unclosed('\'', start);
        }

        var decoded = Escapes.Decode(text.AsSpan(start + 2, at - start - 2), EscapeDialect.DollarQuotes, out _);
        position = at + 1;
        raw.Replace(start, position, () => Quoting.SingleQuotes(decoded));
        return new(decoded);
    }

    /// <summary>Where the <c>))</c> is that belongs to a <c>((</c>; null if it has none, so that it was two of <c>(</c>.</summary>
    private int? FindArithmeticEnd(int start)
    {
        var nesting = 0;
        for (var at = start; at < end; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '\'' or '"':
                    var close = text.IndexOf(text[at], at + 1, end - at - 1);
                    if (close < 0)
                    {
                        return null;
                    }

                    at = close;
                    break;
                case '(':
                    nesting++;
                    break;
                case ')' when nesting > 0:
                    nesting--;
                    break;
                case ')':
                    return at + 1 < end && text[at + 1] == ')' ? at : null;
                default:
                    break;
            }
        }

        return null;
    }

    private int? FindBracketEnd(int start)
    {
        var nesting = 0;
        for (var at = start; at < end && text[at] != '\n'; at++)
        {
            nesting += text[at] switch { '[' => 1, ']' => -1, _ => 0 };
            if (nesting < 0)
            {
                return at;
            }
        }

        return null;
    }
}
