using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A word while it is expanded: its characters, each with what may still be done to it.</summary>
internal sealed class FieldBuffer
{
    private readonly StringBuilder text = new();
    private readonly StringBuilder kinds = new();

    /// <summary>What may still be done to a character.</summary>
    internal enum Kind
    {
        /// <summary>Written without quotes: it can be part of a pattern.</summary>
        Literal = 'l',

        /// <summary>Quoted: nothing.</summary>
        Quoted = 'q',

        /// <summary>Came out of an expansion without quotes: words can be split at it, and it can be part of a pattern.</summary>
        Expanded = 'e',

        /// <summary>No character, but the sign that a word is there even if it has none: <c>""</c>.</summary>
        Presence = 'p',

        /// <summary>No character, but the end of one word and the begin of another: <c>"$@"</c>.</summary>
        Break = 'b',
    }

    internal int Length => text.Length;

    /// <summary>Whether nothing was added since it had a length, but for signs that a word is there.</summary>
    internal bool IsBareSince(int length) => kinds.ToString(length, kinds.Length - length).All(kind => kind == (char)Kind.Presence);

    internal void Append(string value, Kind kind)
    {
        text.Append(value);
        kinds.Append((char)kind, value.Length);
    }

    internal void Mark(Kind kind)
    {
        text.Append('\0');
        kinds.Append((char)kind);
    }

    /// <summary>Splits it into words.</summary>
    /// <param name="separators">The value of IFS.</param>
    internal IEnumerable<Field> Split(string separators)
    {
        // To look for a character in a StringBuilder takes time by its length.
        var (text, kinds) = (this.text.ToString(), this.kinds.ToString());
        Field field = new();
        for (var index = 0; index < text.Length;)
        {
            var kind = (Kind)kinds[index];
            if (kind == Kind.Break)
            {
                if (field.IsThere)
                {
                    yield return field;
                }

                field = new();
                index++;
            }
            else if (IsSeparator(index, out var isBlank))
            {
                index = SkipBlanks(index);
                var isSign = !isBlank;
                if (isBlank && index < text.Length && IsSeparator(index, out var isOtherBlank) && !isOtherBlank)
                {
                    isSign = true;
                }

                if (isSign)
                {
                    index = SkipBlanks(index + 1);
                }

                if (isSign || field.IsThere)
                {
                    yield return field;
                    field = new();
                }
            }
            else
            {
                field.Take(text[index], kind);
                index++;
            }
        }

        if (field.IsThere)
        {
            yield return field;
        }

        bool IsSeparator(int at, out bool isBlank)
        {
            isBlank = text[at] is ' ' or '\t' or '\n';
            return kinds[at] == (char)Kind.Expanded && separators.Contains(text[at], StringComparison.Ordinal);
        }

        int SkipBlanks(int at)
        {
            while (at < text.Length && IsSeparator(at, out var isBlank) && isBlank)
            {
                at++;
            }

            return at;
        }
    }

    /// <summary>A word.</summary>
    internal sealed class Field
    {
        private readonly StringBuilder text = new();
        private readonly StringBuilder pattern = new();

        internal bool IsThere { get; private set; }

        /// <summary>Whether it is a pattern, whatever it matches.</summary>
        internal bool HasPattern { get; private set; }

        internal string Text => text.ToString();

        /// <summary>It as a pattern: what means itself has a backslash before it.</summary>
        internal string Pattern => pattern.ToString();

        internal void Take(char character, Kind kind)
        {
            IsThere = true;
            if (kind == Kind.Presence)
            {
                return;
            }

            text.Append(character);
            if (kind == Kind.Quoted && !char.IsLetterOrDigit(character) && !char.IsSurrogate(character) && character != '/')
            {
                pattern.Append('\\');
            }
            else if (character is '*' or '?' or '[')
            {
                HasPattern = true;
            }
            else if (character == '(' && pattern.Length > 0 && pattern[^1] is '+' or '@' or '!')
            {
                HasPattern = true;
            }

            pattern.Append(character);
        }
    }
}
