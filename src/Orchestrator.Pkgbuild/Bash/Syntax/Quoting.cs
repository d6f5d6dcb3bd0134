using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Quotes a text so that bash reads it as it is.</summary>
internal static class Quoting
{
    /// <summary>As <c>${x@Q}</c> and <c>$'…'</c> in a function that is printed: <c>'it'\''s'</c>.</summary>
    internal static string SingleQuotes(string text) =>
        text == "'" ? "\\'" : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>As <c>$'…'</c>, for what has control characters.</summary>
    internal static string AnsiQuotes(string text)
    {
        StringBuilder result = new("$'");
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            _ = character switch
            {
                '\a' => result.Append("\\a"),
                '\b' => result.Append("\\b"),
                '\u001b' => result.Append("\\E"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\v' => result.Append("\\v"),
                '\\' => result.Append("\\\\"),
                '\'' => result.Append("\\'"),
                < ' ' or '\u007f' => result.Append('\\').Append(Convert.ToString(character, 8).PadLeft(3, '0')),
                _ when ByteText.IsByte(text, index) => result.Append('\\').Append(Convert.ToString((byte)character, 8)),
                _ => result.Append(character),
            };
        }

        return result.Append('\'').ToString();
    }

    /// <summary>As <c>printf %q</c>.</summary>
    internal static string Backslashes(string text)
    {
        if (text.Length == 0)
        {
            return "''";
        }

        if (NeedsAnsiQuotes(text))
        {
            return AnsiQuotes(text);
        }

        StringBuilder result = new();
        for (var index = 0; index < text.Length; index++)
        {
            if (" \t!\"$&'()*,;<>?[\\]^`{|}".Contains(text[index], StringComparison.Ordinal) || (index == 0 && text[index] == '#') || (text[index] == '~' && (index == 0 || text[index - 1] is ':' or '=')))
            {
                result.Append('\\');
            }

            result.Append(text[index]);
        }

        return result.ToString();
    }

    /// <summary>As <c>${x@Q}</c>.</summary>
    internal static string ForReuse(string text) => NeedsAnsiQuotes(text) ? AnsiQuotes(text) : SingleQuotes(text);

    // Control characters, and bytes that are no characters.
    private static bool NeedsAnsiQuotes(string text) =>
        text.Any(char.IsControl) || Enumerable.Range(0, text.Length).Any(index => ByteText.IsByte(text, index));
}
