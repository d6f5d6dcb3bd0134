namespace Orchestrator.Pkgbuild.Bash;

/// <content>Redirections and here-documents.</content>
internal sealed partial class ScriptParser
{
    /// <summary>Reads a redirection, if one begins here.</summary>
    private bool TryParseRedirection(List<Redirection> redirections)
    {
        SkipBlanks();
        var start = position;
        var at = position;
        if (Current == '{')
        {
            at++;
            while (at < end && IsNameCharacter(text[at], isFirst: at == start + 1))
            {
                at++;
            }

            if (at == start + 1 || at >= end || text[at] != '}')
            {
                return false;
            }

            at++;
        }
        else
        {
            while (at < end && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
        }

        var prefix = text[start..at];
        var redirection = RedirectionOperators.FirstOrDefault(sign => at + sign.Length <= end && string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0);
        if (redirection is null || (redirection[0] == '&' && prefix.Length > 0) ||
            (redirection is "<" or ">" && at + 1 < end && text[at + 1] == '('))
        {
            return false;
        }

        position = at + redirection.Length;
        SkipBlanks();
        var target = ParseRequiredWord();
        Redirection found = new(
            prefix.Length == 0 ? (redirection[0] == '<' ? 0 : 1) : int.TryParse(prefix, out var descriptor) ? descriptor : -1, redirection, target, prefix);
        redirections.Add(found);
        if (redirection is "<<" or "<<-")
        {
            hereDocuments.Add(new(found, StripsTabs: redirection == "<<-", IsQuoted: target.Parts.Any(part => part is WordPart.Quoted or WordPart.DoubleQuoted)));
        }

        return true;
    }

    private static readonly string[] RedirectionOperators = ["<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">", "&>>", "&>"];

    /// <summary>Reads the here-documents that were announced in the line before.</summary>
    private void ReadHereDocuments()
    {
        if (hereDocuments.Count == 0)
        {
            return;
        }

        HereDocument[] documents = [.. hereDocuments];
        hereDocuments.Clear();
        foreach (var document in documents)
        {
            Read(document);
        }

        void Read(HereDocument document)
        {
            var target = document.Redirection.Target;
            var delimiter = target.Constant ?? text[target.Start..target.End];
            var begin = position;
            var close = end;
            var isContinued = false;
            var isClosed = false;
            while (position < end)
            {
                var newline = text.IndexOf('\n', position, end - position);
                var lineEnd = newline < 0 ? end : newline;
                var line = text.AsSpan(position, lineEnd - position);
                var lineStart = position;
                position = Math.Min(end, lineEnd + 1);
                if (!isContinued && (document.StripsTabs ? line.TrimStart('\t') : line).SequenceEqual(delimiter))
                {
                    close = lineStart;
                    isClosed = true;
                    break;
                }

                // A line that a backslash continues is one with the next: the delimiter is none there.
                isContinued = !document.IsQuoted && (line.Length - line.TrimEnd('\\').Length) % 2 == 1;
            }

            var after = position;
            var lines = text[begin..close];
            if (document.StripsTabs)
            {
                lines = string.Join('\n', lines.Split('\n').Select(line => line.TrimStart('\t')));
            }

            document.Redirection.Document = (lines, delimiter);
            document.Redirection.Body = ParseDocument(document, begin, close, lines);
            if (!isClosed && close > begin && text[close - 1] != '\n' && document.Redirection.Body is { } body)
            {
                // A last line is one without its end, too.
                document.Redirection.Body = body with { Parts = [.. body.Parts, new WordPart.Quoted("\n")] };
            }

            position = after;
        }

        // What is wrong in it is an error when it is read, and not before.
        Word? ParseDocument(HereDocument document, int begin, int close, string lines)
        {
            var (savedPosition, savedEnd, savedDepth) = (position, end, depth);
            try
            {
                return document.IsQuoted ? new([new WordPart.Quoted(lines)], begin, close) :
                    document.StripsTabs ? new ScriptParser(new(lines, source.File, source.PlaceOf(begin)), hasExtendedGlobs, depth)
                        .ParseQuotedRange(0, lines.Length, QuotedText.HereDocument) :
                    ParseQuotedRange(begin, close, QuotedText.HereDocument);
            }
            catch (BashSyntaxException) when (savedDepth < MaximumDepth)
            {
                (position, end, depth) = (savedPosition, savedEnd, savedDepth);
                return null;
            }
        }
    }

    private sealed record HereDocument(Redirection Redirection, bool StripsTabs, bool IsQuoted);
}
