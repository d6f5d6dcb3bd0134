namespace Orchestrator.Pkgbuild.Bash;

/// <content>Defaults in <c>${…}</c> between double quotes.</content>
internal sealed partial class ScriptParser
{
    // Between double quotes, a default is text between double quotes, in which a brace can be escaped too, and which can
    // have double quotes of its own.
    private void ParseQuotedOperand(PartList parts)
    {
        switch (Current)
        {
            case '\\' when Peek(1) == '}':
                parts.Skip(1);
                parts.TakeLiteral();
                break;
            case '"':
                parts.Add(ParseDoubleQuotes());
                break;
            case '$' when Peek(1) == '\'':
                ParseDollar(parts, isQuoted: false);
                break;
            case '\\' when Peek(1) == '\'':
                parts.TakeLiteral();
                parts.TakeLiteral();
                break;
            case '\'':
                ParseLiteralQuotes(parts);
                break;
            case '<' or '>' when Peek(1) == '(':
                // It is parsed as a process substitution would be, and means itself.
                var start = position;
                var limit = end;
                position += 2;
                ParseSubstitution(start);
                var written = text[start..position];
                raw.Replace(start, position, () => written);
                (position, end) = (start, position);
                while (!IsAtEnd)
                {
                    ParseQuoted(parts, QuotedText.DoubleQuotes);
                }

                end = limit;
                break;
            default:
                ParseQuoted(parts, QuotedText.DoubleQuotes);
                break;
        }
    }

    // Single quotes go by pairs there, and a brace between them ends nothing; but they mean themselves: "${x:-'}'}".
    private void ParseLiteralQuotes(PartList parts)
    {
        var start = position;
        var close = text.IndexOf('\'', start + 1, end - start - 1);
        if (close < 0)
        {
            throw Unclosed('\'', start);
        }

        var (outerEnd, outerDepth) = (end, depth);
        parts.TakeLiteral();
        end = close;
        Enter();
        try
        {
            ParseBetweenQuotes(parts);
        }
        catch (BashSyntaxException) when (outerDepth < MaximumDepth / 2)
        {
            // An expansion that goes on behind the quotes.
            parts.Add(new WordPart.Unfollowed(start));
            position = close;
        }

        depth = outerDepth;
        end = outerEnd;
        parts.TakeLiteral();
    }

    private void ParseBetweenQuotes(PartList parts)
    {
        while (!IsAtEnd)
        {
            if (Current != '"')
            {
                ParseQuoted(parts, QuotedText.DoubleQuotes);
            }
            else if (text.IndexOf('"', position + 1, end - position - 1) < 0)
            {
                parts.Skip(1);
            }
            else
            {
                parts.Add(ParseDoubleQuotes());
            }
        }
    }
}
