using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Evaluates an arithmetic expression (<c>bash(1)</c>, ARITHMETIC EVALUATION) in which nothing is to be expanded any more.</summary>
internal sealed partial class Arithmetic
{
    private const int MaximumDepth = 100;

    private readonly string text;
    private readonly IArithmeticVariables variables;
    private readonly int depth;
    private int position;
    private int nesting;
    private bool isSkipping; // What stands behind && or ? is read, but does nothing.

    private Arithmetic(string text, IArithmeticVariables variables, int depth) => (this.text, this.variables, this.depth) = (text, variables, depth);

    /// <summary>Evaluates an expression; an empty one is 0.</summary>
    /// <exception cref="ArithmeticException">It is none, or divides by zero. The message is bash's own.</exception>
    internal static long Evaluate(string text, IArithmeticVariables variables, int depth = 0)
    {
        if (depth > MaximumDepth)
        {
            throw new ArithmeticException($"{text}: expression recursion level exceeded");
        }

        Arithmetic expression = new(text, variables, depth);
        if (expression.PeekSign() is null && expression.position >= text.Length)
        {
            return 0;
        }

        var value = expression.Comma();
        expression.SkipBlanks();
        return expression.position >= text.Length ? value : throw expression.Wrong("syntax error in expression");
    }

    private long Comma()
    {
        var value = Assignment();
        while (Take(","))
        {
            value = Assignment();
        }

        return value;
    }

    private long Assignment()
    {
        if (++nesting > MaximumDepth)
        {
            throw Wrong("expression recursion level exceeded");
        }

        try
        {
            var start = position;
            if (TakeName() is { } target)
            {
                var sign = PeekSign();
                if (sign is "=" or "*=" or "/=" or "%=" or "+=" or "-=" or "<<=" or ">>=" or "&=" or "^=" or "|=")
                {
                    position += sign.Length;
                    var right = Assignment();

                    // bash has read the next token by then, and what is none is an error before anything is set.
                    if (PeekSign() is null && position < text.Length && !char.IsAsciiLetterOrDigit(text[position]) && text[position] != '_')
                    {
                        throw Wrong("syntax error: invalid arithmetic operator");
                    }

                    return Assign(target, sign == "=" ? right : Calculate(sign[..^1], Get(target), right));
                }

                position = start;
            }

            return Conditional();
        }
        finally
        {
            nesting--;
        }
    }

    private long Conditional()
    {
        var condition = LogicalOr();
        if (!Take("?"))
        {
            return condition;
        }

        var wasSkipping = isSkipping;
        isSkipping = wasSkipping || condition == 0;
        var then = Comma();
        if (!Take(":"))
        {
            throw Wrong("`:' expected for conditional expression");
        }

        isSkipping = wasSkipping || condition != 0;
        var otherwise = Assignment();
        isSkipping = wasSkipping;
        return condition != 0 ? then : otherwise;
    }

    private long LogicalOr()
    {
        var value = LogicalAnd();
        while (Take("||"))
        {
            value = Skipping(value != 0, LogicalAnd) != 0 || value != 0 ? 1 : 0;
        }

        return value;
    }

    private long LogicalAnd()
    {
        var value = Binary(0);
        while (Take("&&"))
        {
            value = Skipping(value == 0, () => Binary(0)) != 0 && value != 0 ? 1 : 0;
        }

        return value;
    }

    private long Skipping(bool skips, Func<long> operand)
    {
        var wasSkipping = isSkipping;
        isSkipping |= skips;
        var value = operand();
        isSkipping = wasSkipping;
        return value;
    }

    private static readonly string[][] Levels = [["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private long Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Power();
        }

        var value = Binary(level + 1);
        while (PeekSign() is { } sign && Levels[level].Contains(sign))
        {
            position += sign.Length;
            value = Calculate(sign, value, Binary(level + 1));
        }

        return value;
    }

    private long Power()
    {
        var value = Unary();
        if (!Take("**"))
        {
            return value;
        }

        var exponent = Power();
        if (exponent < 0)
        {
            throw Wrong("exponent less than 0");
        }

        var result = 1L;
        for (var factor = value; exponent > 0; exponent >>= 1, factor = unchecked(factor * factor))
        {
            result = (exponent & 1) != 0 ? unchecked(result * factor) : result;
        }

        return result;
    }

    private long Unary()
    {
        if (++nesting > MaximumDepth)
        {
            throw Wrong("expression recursion level exceeded");
        }

        var sign = PeekSign();
        long value;
        switch (sign)
        {
            case "!":
                position++;
                value = Unary() == 0 ? 1 : 0;
                break;
            case "~":
                position++;
                value = ~Unary();
                break;
            case "-":
                position++;
                value = unchecked(-Unary());
                break;
            case "+":
                position++;
                value = Unary();
                break;
            case "++" or "--" when !IsNameAhead(2):
                position++;
                value = sign == "--" ? unchecked(-Unary()) : Unary();
                break;
            case "++" or "--":
                position += 2;

                // Two signs before a number are two signs, which change nothing.
                value = TakeName() is { } target ? Assign(target, unchecked(Get(target) + (sign == "++" ? 1 : -1))) : Unary();
                break;
            default:
                value = Primary();
                break;
        }

        nesting--;
        return value;
    }

    /// <summary>Whether a name follows a sign: without one, <c>--</c> is two signs, of which the second may begin another.</summary>
    private bool IsNameAhead(int offset)
    {
        var at = position + offset;
        while (at < text.Length && text[at] is ' ' or '\t' or '\n')
        {
            at++;
        }

        return at < text.Length && (char.IsAsciiLetter(text[at]) || text[at] == '_');
    }

    private long Primary()
    {
        if (Take("("))
        {
            var value = Comma();
            return Take(")") ? value : throw Wrong("missing `)'");
        }

        if (TakeName() is { } target)
        {
            var value = Get(target);
            if (PeekSign() is ("++" or "--") and var sign)
            {
                position += 2;
                Assign(target, unchecked(value + (sign == "++" ? 1 : -1)));
            }

            return value;
        }

        return Number();
    }

    private long Calculate(string sign, long left, long right)
    {
        if (isSkipping)
        {
            return 0;
        }

        if (sign is "/" or "%")
        {
            return right switch
            {
                0 => throw Wrong("division by 0"),
                -1 => sign == "/" ? unchecked(-left) : 0,
                _ => sign == "/" ? left / right : left % right,
            };
        }

        return unchecked(sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "<<" => left << (int)(right & 63),
            ">>" => left >> (int)(right & 63),
            "&" => left & right,
            "^" => left ^ right,
            "|" => left | right,
            "<" => left < right ? 1 : 0,
            "<=" => left <= right ? 1 : 0,
            ">" => left > right ? 1 : 0,
            ">=" => left >= right ? 1 : 0,
            "==" => left == right ? 1 : 0,
            "!=" => left != right ? 1L : 0L,
            _ => throw Wrong("syntax error in expression"),
        });
    }

    /// <summary>A name, with its subscript.</summary>
    private (string Name, string? Subscript)? TakeName()
    {
        SkipBlanks();
        var start = position;
        if (start >= text.Length || !(char.IsAsciiLetter(text[start]) || text[start] == '_'))
        {
            return null;
        }

        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] == '_'))
        {
            position++;
        }

        var name = text[start..position];
        if (position >= text.Length || text[position] != '[')
        {
            return (name, null);
        }

        var open = position;
        var brackets = 0;
        do
        {
            brackets += text[position] switch { '[' => 1, ']' => -1, _ => 0 };
            position++;
        }
        while (brackets > 0 && position < text.Length);
        return brackets == 0 ? (name, text[(open + 1)..(position - 1)]) : throw Wrong("bad array subscript");
    }

    private ArithmeticException Wrong(string message) => new($"{text.Trim()}: {message}");
}
