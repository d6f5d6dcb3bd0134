namespace Orchestrator.Pkgbuild.Bash;

/// <content>Patterns of which it is not known what bash makes of them.</content>
internal sealed partial class Pattern
{
    /// <summary>
    /// Whether it is one of those of which bash itself makes what nobody expects: a last backslash; <c>*</c> before
    /// <c>!(…)</c>, or before another list that can match nothing; and, in a list, a bracket that is not closed in its
    /// alternative, which takes the sign with it that ends that, or parentheses that are not those of a list.
    /// </summary>
    internal static bool IsPuzzling(string text, bool hasExtendedGlobs)
    {
        if ((text.Length - text.TrimEnd('\\').Length) % 2 == 1)
        {
            return true;
        }

        if (!hasExtendedGlobs || !text.Contains('(', StringComparison.Ordinal))
        {
            return false;
        }

        var (nesting, begins) = (0, 0);
        var afterStar = false;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\':
                    index++;
                    break;
                case '(' when index > 0 && "?*+@!".Contains(text[index - 1], StringComparison.Ordinal):
                    afterStar |= index > 1 && text[index - 2] == '*' && text[index - 1] is not '?';
                    nesting++;
                    begins++;
                    break;
                case '(' when begins > 0:
                    return true;
                case ')' when begins > 0 && --nesting < 0:
                    return true;
                case '[' when nesting > 0:
                    // A bracket that comes first is one of those that it lists.
                    var first = index + (index + 1 < text.Length && text[index + 1] is '!' or '^' ? 2 : 1);
                    var close = first < text.Length ? text.AsSpan(first + 1).IndexOfAny("]|()") : -1;
                    if (close < 0 || text[first + 1 + close] != ']')
                    {
                        return true;
                    }

                    index = first + 1 + close;
                    break;
                default:
                    break;
            }
        }

        return nesting != 0 || (afterStar && (begins > 1 || text.Contains("*!(", StringComparison.Ordinal) || HasEmptyAlternative(text)));
    }

    private static bool HasEmptyAlternative(string text)
    {
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index - 1] is '(' or '|' && text[index] is '|' or ')' or '*')
            {
                return true;
            }
        }

        return false;
    }
}
