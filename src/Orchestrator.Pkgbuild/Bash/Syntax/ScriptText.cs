namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A text in bash's language, and where it stands.</summary>
/// <param name="Text">The text, with LF line ends.</param>
/// <param name="File">Full path of the file that it is from.</param>
/// <param name="Origin">For a text that is made at run time (<c>eval</c>, a backquote): the place that its lines are counted as.</param>
internal sealed record ScriptText(string Text, string File, Place? Origin = null)
{
    private int[]? lineStarts;

    /// <summary>Line and column, from 1, of an offset into the text.</summary>
    internal Place PlaceOf(int offset)
    {
        if (Origin is { } origin)
        {
            return origin;
        }

        lineStarts ??= FindLineStarts(Text);
        var index = Array.BinarySearch(lineStarts, offset);
        index = index >= 0 ? index : ~index - 1;
        return new(File, index + 1, offset - lineStarts[index] + 1);
    }

    private static int[] FindLineStarts(string text)
    {
        List<int> starts = [0];
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        return [.. starts];
    }
}
