using System.Text;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Extended regular expressions (<c>regex(7)</c>), by .NET's. Which of several matches is taken differs: see <see cref="Result"/>.</summary>
internal static class PosixExpression
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>A text as an expression that matches it alone.</summary>
    internal static string Escape(string text)
    {
        StringBuilder result = new();
        foreach (var character in text)
        {
            if ("\\^$.[]|()?*+{}".Contains(character, StringComparison.Ordinal))
            {
                result.Append('\\');
            }

            result.Append(character);
        }

        return result.ToString();
    }

    /// <summary>Looks for an expression in a text; null if it is none, or one that is not translated.</summary>
    internal static Result? Match(string expression, string text, bool ignoresCase)
    {
        if (Translate(expression) is not { } translated)
        {
            return null;
        }

        try
        {
            var options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            var match = Regex.Match(text, translated.Pattern, options & ~RegexOptions.ExplicitCapture, Limit);
            return match.Success
                ? new([.. match.Groups.Values.Select(group => group.Value)], translated.IsAmbiguous)
                : new(null, false);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static (string Pattern, bool IsAmbiguous)? Translate(string expression)
    {
        StringBuilder result = new();
        var isAmbiguous = false;
        var quantifiers = 0;
        for (var index = 0; index < expression.Length; index++)
        {
            var character = expression[index];
            switch (character)
            {
                case '\\' when index + 1 < expression.Length:
                    index++;
                    if (char.IsLetterOrDigit(expression[index]))
                    {
                        return null; // GNU's \w, \b, \<, or a reference back.
                    }

                    result.Append('\\').Append(expression[index]);
                    break;
                case '[':
                    if (TranslateBracket(expression, ref index) is not { } bracket)
                    {
                        return null;
                    }

                    result.Append(bracket);
                    break;
                case '|':
                    isAmbiguous = true;
                    result.Append(character);
                    break;
                case '*' or '+' or '?' or '{':
                    quantifiers++;
                    if (index + 1 < expression.Length && expression[index + 1] is '?' or '+' or '*')
                    {
                        return null; // Lazy and possessive ones in .NET, and something else in POSIX.
                    }

                    // An optional part before another: the longest of all is POSIX's, the first that fits .NET's.
                    isAmbiguous |= character is '?' or '{' && quantifiers > 1;
                    isAmbiguous |= result.Length > 0 && result[^1] == ')';
                    result.Append(character);
                    break;
                case '(' when index + 1 < expression.Length && expression[index + 1] == '?':
                    return null;
                case '$':
                    result.Append("\\z");
                    break;
                case '.':
                    result.Append("[\\s\\S]");
                    break;
                case '#' or ' ':
                    result.Append('\\').Append(character);
                    break;
                default:
                    result.Append(character);
                    break;
            }
        }

        return (result.ToString(), isAmbiguous);
    }

    private static string? TranslateBracket(string expression, ref int index)
    {
        StringBuilder result = new("[");
        var at = index + 1;
        if (at < expression.Length && expression[at] == '^')
        {
            result.Append('^');
            at++;
        }

        for (var isFirst = true; at < expression.Length && (expression[at] != ']' || isFirst); isFirst = false, at++)
        {
            if (expression[at] == '[' && at + 1 < expression.Length && expression[at + 1] is ':' or '.' or '=')
            {
                var close = expression.IndexOf(":]", at + 2, StringComparison.Ordinal);
                var set = close < 0 ? null : expression[(at + 2)..close] switch
                {
                    "alnum" => "\\p{L}\\p{Nd}",
                    "alpha" => "\\p{L}",
                    "blank" => " \\t",
                    "digit" => "0-9",
                    "lower" => "\\p{Ll}",
                    "upper" => "\\p{Lu}",
                    "space" => "\\s",
                    "xdigit" => "0-9A-Fa-f",
                    "punct" => "!-/:-@\\[-`{-~",
                    _ => null,
                };
                if (set is null)
                {
                    return null;
                }

                result.Append(set);
                at = close + 1;
                continue;
            }

            // A backslash is one there, and a bracket would be .NET's subtraction.
            result.Append(expression[at] is '\\' or '[' or ']' ? "\\" : "").Append(expression[at]);
        }

        index = at;
        return at < expression.Length ? result.Append(']').ToString() : null;
    }

    /// <summary>What was found.</summary>
    /// <param name="Groups">The match and its groups; null if there is none.</param>
    /// <param name="IsAmbiguous">Whether POSIX may take another one of several matches.</param>
    internal sealed record Result(IReadOnlyList<string>? Groups, bool IsAmbiguous);
}
