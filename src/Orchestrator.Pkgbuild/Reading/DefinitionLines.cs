using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// Finds the lines where a script's top level first assigns a variable or defines a function, for messages to point at.
/// It knows bash's quoting, expansions, here-documents and compound commands; what it does not know costs a message its
/// line, nothing else.
/// </summary>
internal sealed partial class DefinitionLines
{
    private readonly string text;
    private readonly Dictionary<string, int> lines = [];
    private readonly Queue<(string Delimiter, bool StripsTabs)> hereDocuments = new();
    private int position;
    private int line = 1; // Of the place that newlines were counted up to.
    private int counted;

    private DefinitionLines(string text) => this.text = text;

    private enum Closing
    {
        EndOfText,
        Parenthesis,
        Brace,
        CaseItem,
    }

    /// <summary>Lines, from 1, by name of the variable or function.</summary>
    internal static IReadOnlyDictionary<string, int> Find(string script)
    {
        DefinitionLines found = new(script);
        try
        {
            found.SkipCommands(Closing.EndOfText, isTopLevel: true);
        }
        catch (InsufficientExecutionStackException)
        {
            // Nested deeper than bash itself could stand; what was found so far is right.
        }

        return found.lines;
    }

    /// <summary>Reads commands up to and with what closes them.</summary>
    /// <returns>Whether it was <c>esac</c>.</returns>
    private bool SkipCommands(Closing closing, bool isTopLevel)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var isStart = true; // Where a keyword, an assignment or a definition can stand.
        var isDeclaration = false; // Whether the command is one whose arguments are assignments.
        while (SkipBlanks())
        {
            switch (Current)
            {
                case '\n':
                    SkipNewline();
                    (isStart, isDeclaration) = (true, false);
                    break;
                case ')' when closing == Closing.Parenthesis:
                    Skip();
                    return false;
                case ';' when closing == Closing.CaseItem && Peek(1) is ';' or '&':
                    Skip(Peek(2) == '&' ? 3 : 2);
                    return false;
                case '&' when Peek(1) == '>':
                case '<' or '>' when Peek(1) != '(':
                    SkipRedirection();
                    break;
                case ';' or '&' or '|' or ')':
                    Skip();
                    (isStart, isDeclaration) = (true, false);
                    break;
                case '(' when Peek(1) == '(':
                    SkipParentheses();
                    isStart = false;
                    break;
                case '(':
                    Skip();
                    SkipCommands(Closing.Parenthesis, isTopLevel: false);
                    isStart = false;
                    break;
                default:
                    if ((isStart || isDeclaration) && SkipAssignment(isTopLevel))
                    {
                        break;
                    }

                    var begin = position;
                    var word = SkipWord();
                    if (isStart && ((word == "}" && closing == Closing.Brace) || (word == "esac" && closing == Closing.CaseItem)))
                    {
                        return word == "esac";
                    }

                    (isStart, isDeclaration) = isStart ? SkipCommand(word, begin, isTopLevel) : (false, isDeclaration);
                    break;
            }
        }

        return false;
    }

    /// <summary>Reads on after the first word of a command.</summary>
    /// <returns>Whether another command can begin here, and whether the arguments that follow are assignments.</returns>
    private (bool IsStart, bool IsDeclaration) SkipCommand(string word, int begin, bool isTopLevel)
    {
        switch (word)
        {
            case "if" or "then" or "else" or "elif" or "do" or "while" or "until" or "!" or "time" or "coproc":
                return (true, false);
            case "declare" or "typeset" or "export" or "readonly" or "local":
                return (false, true);
            case "{":
                SkipCommands(Closing.Brace, isTopLevel);
                return (false, false);
            case "case":
                SkipCase(isTopLevel);
                return (false, false);
            case "[[":
                SkipConditional();
                return (false, false);
            case "function":
                SkipBlanks();
                begin = position;
                word = SkipWord();
                SkipEmptyParentheses();
                SkipFunction(word, begin, isTopLevel);
                return (false, false);
            default:
                if (SkipEmptyParentheses())
                {
                    SkipFunction(word, begin, isTopLevel);
                }

                return (false, false);
        }
    }

    private void SkipFunction(string name, int begin, bool isTopLevel)
    {
        Record(name, begin, isTopLevel);
        SkipBlanksAndNewlines();
        if (Current == '{')
        {
            Skip();
            SkipCommands(Closing.Brace, isTopLevel: false);
        }
        else if (Current == '(' && Peek(1) != '(')
        {
            Skip();
            SkipCommands(Closing.Parenthesis, isTopLevel: false);
        }
    }

    private void SkipCase(bool isTopLevel)
    {
        SkipBlanks();
        SkipWord();
        SkipBlanksAndNewlines();
        SkipWord(); // in
        while (SkipBlanksAndNewlines())
        {
            if (Current == '(')
            {
                Skip();
            }
            else if (SkipWord() == "esac")
            {
                return;
            }

            while (SkipBlanks() && Current != ')')
            {
                if (SkipWord().Length == 0)
                {
                    Skip();
                }
            }

            Skip();
            if (SkipCommands(Closing.CaseItem, isTopLevel))
            {
                return;
            }
        }
    }

    private void SkipConditional()
    {
        while (SkipBlanksAndNewlines())
        {
            switch (SkipWord())
            {
                case "]]":
                    return;
                case "":
                    Skip();
                    break;
                default:
                    break;
            }
        }
    }

    private bool SkipAssignment(bool isTopLevel)
    {
        var match = Assignment().Match(text, position);
        if (!match.Success)
        {
            return false;
        }

        Record(match.Groups["name"].Value, position, isTopLevel);
        Skip(match.Length);
        if (Current == '(')
        {
            SkipArray();
        }
        else
        {
            SkipWord();
        }

        return true;
    }

    private void SkipArray()
    {
        Skip();
        while (SkipBlanksAndNewlines() && Current != ')')
        {
            if (SkipWord().Length == 0)
            {
                Skip();
            }
        }

        Skip();
    }

    private void SkipRedirection()
    {
        var isHereDocument = Current == '<' && Peek(1) == '<' && Peek(2) != '<';
        var stripsTabs = isHereDocument && Peek(2) == '-';
        if (isHereDocument)
        {
            Skip(stripsTabs ? 3 : 2);
        }
        else
        {
            while (Current is '<' or '>' or '&' or '|')
            {
                Skip();
            }
        }

        SkipBlanks();
        var target = SkipWord();
        if (isHereDocument)
        {
            hereDocuments.Enqueue((Quoting().Replace(target, ""), stripsTabs));
        }
    }

    /// <summary>Skips a newline, and the here-documents that begin after it.</summary>
    private void SkipNewline()
    {
        Skip();
        while (hereDocuments.TryDequeue(out var document))
        {
            string content;
            do
            {
                var begin = position;
                SkipLine();
                content = text[begin..position];
                Skip();
            }
            while ((document.StripsTabs ? content.TrimStart('\t') : content) != document.Delimiter && position < text.Length);
        }
    }

    private void Record(string name, int at, bool isTopLevel)
    {
        if (isTopLevel && !lines.ContainsKey(name))
        {
            line += text.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            lines.Add(name, line);
        }
    }

    [GeneratedRegex(@"\G(?<name>[A-Za-z_][A-Za-z0-9_]*)(?:\[[^\]\n]*\])?\+?=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"[\\'""]")]
    private static partial Regex Quoting();
}
