using System.Text;

namespace Orchestrator.MSBuild;

/// <summary>Cuts a stream of bytes into lines as Exec does: at LF, CR and CR LF, in any encoding.</summary>
internal sealed class TextLines(Encoding encoding)
{
    private readonly Decoder decoder = encoding.GetDecoder();
    private readonly StringBuilder unfinished = new();
    private char[] characters = new char[4096];
    private bool skipsLineFeed;

    /// <summary>The lines that a piece of the stream ends.</summary>
    internal List<string> Add(ReadOnlySpan<byte> piece)
    {
        var lines = new List<string>();
        Grow(encoding.GetMaxCharCount(piece.Length));
        var text = characters.AsSpan(0, decoder.GetChars(piece, characters, flush: false));
        if (skipsLineFeed && text.Length > 0)
        {
            text = text[0] == '\n' ? text[1..] : text;
            skipsLineFeed = false;
        }

        while (text.IndexOfAny('\n', '\r') is var end and >= 0)
        {
            lines.Add(unfinished.Length == 0 ? new string(text[..end]) : Take(text[..end]));
            skipsLineFeed = text[end] == '\r' && end + 1 == text.Length;
            text = text[(text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1)..];
        }

        unfinished.Append(text);
        return lines;
    }

    /// <summary>What came after the last line end; empty if nothing did.</summary>
    internal List<string> Complete()
    {
        Grow(encoding.GetMaxCharCount(0));
        unfinished.Append(characters, 0, decoder.GetChars([], characters, flush: true));
        return unfinished.Length == 0 ? [] : [Take([])];
    }

    private string Take(ReadOnlySpan<char> rest)
    {
        var line = unfinished.Append(rest).ToString();
        unfinished.Clear();
        return line;
    }

    private void Grow(int length)
    {
        if (characters.Length < length)
        {
            characters = new char[length];
        }
    }
}
