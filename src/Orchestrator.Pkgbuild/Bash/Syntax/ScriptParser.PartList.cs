using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>The parts of a word.</content>
internal sealed partial class ScriptParser
{
    /// <summary>Collects the parts of a word: characters that mean themselves are one part as far as they reach.</summary>
    private sealed class PartList(ScriptParser parser)
    {
        private readonly List<WordPart> parts = [];
        private int literalStart = -1;
        private int literalEnd = -1;
        private StringBuilder? pending;

        /// <summary>Takes the character at the position as one that means itself.</summary>
        internal void TakeLiteral()
        {
            if (literalStart < 0)
            {
                literalStart = literalEnd = parser.position;
            }
            else if (literalEnd != parser.position)
            {
                (pending ??= new()).Append(parser.text, literalStart, literalEnd - literalStart);
                literalStart = literalEnd = parser.position;
            }

            literalEnd++;
            parser.position++;
        }

        /// <summary>Leaves characters out.</summary>
        internal void Skip(int count) => parser.position += count;

        /// <summary>Adds a part that the position is behind already.</summary>
        internal void Add(WordPart part)
        {
            Flush();
            parts.Add(part);
        }

        /// <summary>Adds a part of the given length.</summary>
        internal void Add(WordPart part, int length)
        {
            Add(part);
            parser.position += length;
        }

        internal bool EndsWithAny(string signs) =>
            literalStart >= 0 && literalEnd == parser.position && signs.Contains(parser.text[literalEnd - 1], StringComparison.Ordinal);

        internal void Flush()
        {
            if (literalStart < 0)
            {
                return;
            }

            var tail = parser.text.AsSpan(literalStart, literalEnd - literalStart);
            parts.Add(new WordPart.Literal(pending is null ? tail.ToString() : pending.Append(tail).ToString()));
            (pending, literalStart) = (null, -1);
        }

        internal Word ToWord(int start)
        {
            Flush();
            return new(parts, start, parser.position);
        }
    }
}
