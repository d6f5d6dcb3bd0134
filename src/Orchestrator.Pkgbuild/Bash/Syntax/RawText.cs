using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// A script's words as bash keeps them: as they are written, but for <c>$'…'</c>, which it decodes, <c>$"…"</c>, and
/// <c>$(…)</c>, which it prints anew.
/// </summary>
internal sealed class RawText(ScriptText source)
{
    private readonly SortedList<int, (int End, Func<string> Text)> replacements = [];

    internal ScriptText Source => source;

    internal void Replace(int start, int end, Func<string> replacement) => replacements[start] = (end, replacement);

    internal string Slice(int start, int end)
    {
        var text = source.Text;
        var index = FirstAtOrAfter(start);
        if ((index == replacements.Count || replacements.GetKeyAtIndex(index) >= end) && !text.AsSpan(start, end - start).Contains("\\\n", StringComparison.Ordinal))
        {
            return text[start..end];
        }

        StringBuilder result = new();
        while (start < end)
        {
            var next = index < replacements.Count && replacements.GetKeyAtIndex(index) < end ? replacements.GetKeyAtIndex(index) : end;
            AppendJoined(result, text.AsSpan(start, next - start));
            start = next;
            if (next < end)
            {
                var (replaced, replacement) = replacements.GetValueAtIndex(index);
                result.Append(replacement());
                start = replaced;

                // What is nested in it was printed with it.
                while (index < replacements.Count && replacements.GetKeyAtIndex(index) < start)
                {
                    index++;
                }
            }
        }

        return result.ToString();
    }

    // A continued line is one line, outside of single quotes; in them it is kept.
    private static void AppendJoined(StringBuilder result, ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\'':
                    isQuoted = !isQuoted;
                    break;
                case '\\' when !isQuoted && index + 1 < text.Length:
                    index++;
                    if (text[index] != '\n')
                    {
                        result.Append('\\').Append(text[index]);
                    }

                    continue;
                default:
                    break;
            }

            result.Append(text[index]);
        }
    }

    private int FirstAtOrAfter(int start)
    {
        var (low, high) = (0, replacements.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = replacements.GetKeyAtIndex(middle) < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
