using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>Numbers, variables and signs.</content>
internal sealed partial class Arithmetic
{
    // Longest first, so that << is not taken for <.
    private static readonly string[] Signs =
        ["<<=", ">>=", "**", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=",
         "<", ">", "=", "!", "~", "*", "/", "%", "+", "-", "&", "^", "|", "?", ":", ",", "(", ")"];

    private long Number()
    {
        SkipBlanks();
        var start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '#' or '@' or '_'))
        {
            position++;
        }

        var token = text[start..position];
        if (token.Length == 0 || !char.IsAsciiDigit(token[0]))
        {
            position = start;
            throw Wrong(start >= text.Length ? "syntax error: operand expected" : $"syntax error: operand expected (error token is \"{text[start..]}\")");
        }

        var radix = token.IndexOf('#', StringComparison.Ordinal);
        return
            radix > 0 ? Digits(token[(radix + 1)..], int.TryParse(token[..radix], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0) :
            token.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Digits(token[2..], 16) :
            token.Length > 1 && token[0] == '0' ? Digits(token[1..], 8) :
            Digits(token, 10);
    }

    private long Digits(string digits, int radix)
    {
        if (digits.Length == 0)
        {
            throw Wrong("invalid integer constant");
        }

        if (radix is < 2 or > 64)
        {
            throw Wrong("invalid arithmetic base");
        }

        var value = 0L;
        foreach (var digit in digits)
        {
            var number = digit switch
            {
                >= '0' and <= '9' => digit - '0',
                >= 'a' and <= 'z' => digit - 'a' + 10,
                >= 'A' and <= 'Z' => digit - 'A' + (radix <= 36 ? 10 : 36),
                '@' => 62,
                _ => 63,
            };
            if (number >= radix)
            {
                throw Wrong("value too great for base");
            }

            value = unchecked((value * radix) + number);
        }

        return value;
    }

    private long Get((string Name, string? Subscript) target)
    {
        if (isSkipping)
        {
            return 0;
        }

        var value = variables.Get(target.Name, target.Subscript);
        return value.Length == 0 ? 0 :
            long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (value[0] != '0' || value.Length == 1) ? number :
            Evaluate(value, variables, depth + 1);
    }

    private long Assign((string Name, string? Subscript) target, long value)
    {
        if (!isSkipping)
        {
            variables.Set(target.Name, target.Subscript, value.ToString(CultureInfo.InvariantCulture));
        }

        return value;
    }

    private string? PeekSign()
    {
        SkipBlanks();
        return Array.Find(Signs, sign => string.CompareOrdinal(text, position, sign, 0, sign.Length) == 0);
    }

    private bool Take(string sign)
    {
        if (PeekSign() != sign)
        {
            return false;
        }

        position += sign.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (position < text.Length && text[position] is (' ' or '\t' or '\n'))
        {
            position++;
        }
    }
}
