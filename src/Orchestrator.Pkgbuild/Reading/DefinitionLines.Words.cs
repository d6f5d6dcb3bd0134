using System.Runtime.CompilerServices;

namespace Orchestrator.Pkgbuild;

// Words, and what stands inside of them.
internal sealed partial class DefinitionLines
{
    private char Current => Peek(0);

    private char Peek(int offset) => position + offset < text.Length ? text[position + offset] : '\0';

    private void Skip(int count = 1) => position = Math.Min(position + count, text.Length);

    private void SkipPast(char end)
    {
        position = text.IndexOf(end, position) is >= 0 and var found ? found : text.Length;
        Skip();
    }

    private void SkipLine() => position = text.IndexOf('\n', position) is >= 0 and var newline ? newline : text.Length;

    /// <summary>Skips blanks, continued lines and a comment.</summary>
    /// <returns>Whether there is something left.</returns>
    private bool SkipBlanks()
    {
        while (position < text.Length)
        {
            if (Current is ' ' or '\t')
            {
                Skip();
            }
            else if (Current == '\\' && Peek(1) == '\n')
            {
                Skip(2);
            }
            else if (Current == '#')
            {
                SkipLine();
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private bool SkipBlanksAndNewlines()
    {
        while (SkipBlanks() && Current == '\n')
        {
            SkipNewline();
        }

        return position < text.Length;
    }

    /// <summary>Skips the <c>( )</c> of a function definition, if that is what follows.</summary>
    private bool SkipEmptyParentheses()
    {
        var begin = position;
        if (SkipBlanks() && Current == '(')
        {
            Skip();
            if (SkipBlanks() && Current == ')')
            {
                Skip();
                return true;
            }
        }

        position = begin;
        return false;
    }

    /// <summary>Skips a word.</summary>
    /// <returns>As it is written; empty if there is none here.</returns>
    private string SkipWord()
    {
        var begin = position;
        while (position < text.Length)
        {
            switch (Current)
            {
                case ' ' or '\t' or '\n' or ';' or '&' or '|' or ')':
                    return text[begin..position];
                case '<' or '>' when Peek(1) == '(':
                    Skip(2);
                    SkipCommands(Closing.Parenthesis, isTopLevel: false);
                    break;
                case '<' or '>':
                    return text[begin..position];
                case '(' when position > begin && Peek(-1) is '?' or '*' or '+' or '@' or '!' && !IsEmptyParentheses():
                    SkipParentheses();
                    break;
                case '(':
                    return text[begin..position];
                default:
                    SkipCharacter(isQuoted: false);
                    break;
            }
        }

        return text[begin..];

        bool IsEmptyParentheses()
        {
            var here = position;
            var isEmpty = SkipEmptyParentheses();
            position = here;
            return isEmpty;
        }
    }

    /// <summary>Skips a character, or all that a quote or an expansion covers.</summary>
    private void SkipCharacter(bool isQuoted)
    {
        switch (Current)
        {
            case '\\':
                Skip(2);
                break;
            case '\'' when !isQuoted:
                Skip();
                SkipPast('\'');
                break;
            case '"':
                SkipUntil('"', isQuoted: true);
                break;
            case '`':
                Skip();
                SkipEscaped('`');
                break;
            case '$' when Peek(1) == '{':
                Skip();
                SkipUntil('}', isQuoted);
                break;
            case '$' when Peek(1) == '(' && Peek(2) == '(':
                Skip();
                SkipParentheses();
                break;
            case '$' when Peek(1) == '(':
                Skip(2);
                SkipCommands(Closing.Parenthesis, isTopLevel: false);
                break;
            case '$' when Peek(1) == '\'' && !isQuoted:
                Skip(2);
                SkipEscaped('\'');
                break;
            default:
                Skip();
                break;
        }
    }

    private void SkipUntil(char close, bool isQuoted)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Skip();
        while (position < text.Length && Current != close)
        {
            SkipCharacter(isQuoted);
        }

        Skip();
    }

    /// <summary>Skips to the end of a quote in which nothing but a backslash is special.</summary>
    private void SkipEscaped(char close)
    {
        while (position < text.Length && Current != close)
        {
            Skip(Current == '\\' ? 2 : 1);
        }

        Skip();
    }

    /// <summary>Skips balanced parentheses: arithmetic, and patterns.</summary>
    private void SkipParentheses()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Skip();
        while (position < text.Length && Current != ')')
        {
            if (Current == '(')
            {
                SkipParentheses();
            }
            else
            {
                SkipCharacter(isQuoted: false);
            }
        }

        Skip();
    }
}
