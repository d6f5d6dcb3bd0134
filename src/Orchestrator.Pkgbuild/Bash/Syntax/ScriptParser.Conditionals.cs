namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>[[ … ]]</c>.</content>
internal sealed partial class ScriptParser
{
    private ConditionalExpression ParseConditional()
    {
        var expression = ParseConditionalOr();
        SkipNewlines();
        if (PeekReserved() != "]]")
        {
            throw Unexpected();
        }

        position += 2;
        return expression;
    }

    private ConditionalExpression ParseConditionalOr()
    {
        var left = ParseConditionalAnd();
        SkipNewlines();
        while (IsNext("||"))
        {
            position += 2;
            left = new ConditionalExpression.Or(left, ParseConditionalAnd());
            SkipNewlines();
        }

        return left;
    }

    private ConditionalExpression ParseConditionalAnd()
    {
        var left = ParseConditionalTerm();
        SkipNewlines();
        while (IsNext("&&"))
        {
            position += 2;
            left = new ConditionalExpression.And(left, ParseConditionalTerm());
            SkipNewlines();
        }

        return left;
    }

    private ConditionalExpression ParseConditionalTerm()
    {
        SkipNewlines();
        Enter();
        var term = ParseTerm();
        depth--;
        return term;

        ConditionalExpression ParseTerm()
        {
            if (Current == '(')
            {
                position++;
                var inner = ParseConditionalOr();
                SkipNewlines();
                Expect(')');
                return new ConditionalExpression.Grouped(inner);
            }

            var reserved = PeekReserved();
            if (reserved == "!")
            {
                position++;
                return new ConditionalExpression.Not(ParseConditionalTerm());
            }

            if (reserved == "]]")
            {
                throw Unexpected();
            }

            var first = ParseRequiredWord();
            SkipBlanks();
            if (first.Bare is ['-', var letter] && UnaryOperators.Contains(letter, StringComparison.Ordinal))
            {
                // Whatever comes next is its operand, an operator too.
                SkipNewlines();
                if (PeekReserved() == "]]")
                {
                    throw Wrong("unexpected argument `]]' to conditional unary operator", position);
                }

                return new ConditionalExpression.Unary(first.Bare, ParseRequiredWord(), IsBareWord: false);
            }

            return ParseBinary(first);
        }
    }

    private const string UnaryOperators = "abcdefghknoprstuvwxzGLNORS";

    private ConditionalExpression ParseBinary(Word left)
    {
        SkipNewlines();
        if (PeekReserved() == "]]" || IsNext("&&") || IsNext("||") || Current == ')')
        {
            return new ConditionalExpression.Unary("-n", left, IsBareWord: true);
        }

        string sign;
        if (Current is '<' or '>')
        {
            sign = text[position].ToString();
            position++;
        }
        else
        {
            sign = PeekReserved() is { } word and ("=" or "==" or "!=" or "=~" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef")
                ? word : throw Wrong("conditional binary operator expected", position);
            position += sign.Length;
        }

        SkipBlanks();
        if (sign == "=~")
        {
            return new ConditionalExpression.Binary(left, sign, ParseRegularExpression());
        }

        // What is compared with == is a pattern, with extglob whether or not that is on.
        var hadExtendedGlobs = hasExtendedGlobs;
        hasExtendedGlobs = true;
        var right = ParseRequiredWord();
        hasExtendedGlobs = hadExtendedGlobs;
        return new ConditionalExpression.Binary(left, sign, right);
    }

    /// <summary>The right side of <c>=~</c>: parentheses and <c>|</c> belong to it, and blanks between parentheses.</summary>
    private Word ParseRegularExpression()
    {
        var start = position;
        var parts = new PartList(this);
        var nesting = 0;
        while (position < end)
        {
            switch (Current)
            {
                case '(':
                    nesting++;
                    parts.TakeLiteral();
                    continue;
                case ')' when nesting > 0:
                    nesting--;
                    parts.TakeLiteral();
                    continue;
                case '|':
                    parts.TakeLiteral();
                    continue;
                case ' ' or '\t' or '\n' or ';' or '&' or '<' or '>' when nesting > 0:
                    parts.TakeLiteral();
                    continue;
                case ' ' or '\t' or '\n' or ';' or '&' or '<' or '>' or ')':
                    return position > start ? parts.ToWord(start) : throw Unexpected();
                default:
                    ParseUnquoted(parts);
                    continue;
            }
        }

        throw Unexpected();
    }
}
