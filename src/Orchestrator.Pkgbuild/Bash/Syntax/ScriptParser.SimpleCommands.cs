namespace Orchestrator.Pkgbuild.Bash;

/// <content>Simple commands and assignments.</content>
internal sealed partial class ScriptParser
{
    private ShellCommand ParseSimple()
    {
        var start = position;
        List<Assignment> assignments = [];
        List<ShellCommand.Argument> arguments = [];
        List<Redirection> redirections = [];
        var takesAssignments = true;
        while (true)
        {
            SkipBlanks();
            if (TryParseRedirection(redirections))
            {
                continue;
            }

            if (IsAtEnd || Current is '\n' or ';' or '&' or '|' or ')' || (Current == '(' && arguments.Count > 0))
            {
                break;
            }

            if (takesAssignments && ParseAssignment(isArgument: arguments.Count > 0) is { } assignment)
            {
                if (arguments.Count == 0)
                {
                    assignments.Add(assignment);
                }
                else
                {
                    arguments.Add(new(new([], assignment.Start, assignment.End), assignment));
                }

                continue;
            }

            var word = ParseRequiredWord();
            arguments.Add(new(word, null));
            if (arguments.Count == 1)
            {
                takesAssignments = word.Bare is "declare" or "typeset" or "local" or "export" or "readonly" or "alias" or "eval" or "let";
                SkipBlanks();
                if (Current == '(' && assignments.Count == 0 && redirections.Count == 0)
                {
                    position++;
                    SkipBlanks();
                    Expect(')');
                    return ParseFunctionBody(text[word.Start..word.End], start);
                }
            }
        }

        if (assignments.Count + arguments.Count + redirections.Count == 0 || Current == '(')
        {
            throw Unexpected();
        }

        NoteExtendedGlobs(arguments);
        return new ShellCommand.Simple(assignments, arguments, start) { Redirections = redirections };
    }

    // It is taken for run where it stands, but in a function, which nobody may call.
    private void NoteExtendedGlobs(List<ShellCommand.Argument> arguments)
    {
        if (arguments is [{ Word.Bare: "shopt" }, { Word.Bare: ['-', 's' or 'u', ..] option }, .. var names] && names.Any(name => name.Word.Bare == "extglob"))
        {
            hasExtendedGlobsNext = option[1] == 's';
        }
    }

    /// <summary>An assignment, if one begins here. As an argument it is one only if it is that of an array.</summary>
    private Assignment? ParseAssignment(bool isArgument)
    {
        var start = position;
        var at = position;
        while (at < end && IsNameCharacter(text[at], isFirst: at == start))
        {
            at++;
        }

        if (at == start || at == end)
        {
            return null;
        }

        var nameEnd = at;
        var subscriptEnd = text[at] == '[' ? FindSubscriptEnd(at) : null;
        at = subscriptEnd is { } bracket ? bracket + 1 : at;
        var isAppend = at + 1 < end && text[at] == '+' && text[at + 1] == '=';
        at += isAppend ? 1 : 0;
        if (at >= end || text[at] != '=' || (isArgument && (at + 1 >= end || text[at + 1] != '(')))
        {
            return null;
        }

        var name = text[start..nameEnd];
        var subscript = subscriptEnd is { } close ? ParseSubscriptRange(nameEnd + 1, close) : null;
        position = at + 1;
        if (Current == '(')
        {
            var elements = ParseArray();
            return new(name, subscript, isAppend, null, elements, start, position);
        }

        var value = ParseWord();
        return new(name, subscript, isAppend, value, null, start, position);
    }

    private List<ArrayElement> ParseArray()
    {
        var opening = position;
        position++;
        List<ArrayElement> elements = [];
        while (true)
        {
            SkipNewlines();
            if (IsAtEnd)
            {
                throw Unclosed(')', opening);
            }

            if (Current == ')')
            {
                position++;
                return elements;
            }

            elements.Add(ParseArrayElement());
        }
    }

    private ArrayElement ParseArrayElement()
    {
        var start = position;
        if (Current == '[' && FindSubscriptEnd(position) is { } close)
        {
            var isAppend = close + 2 < end && text[close + 1] == '+' && text[close + 2] == '=';
            if (isAppend || (close + 1 < end && text[close + 1] == '='))
            {
                var subscript = ParseSubscriptRange(start + 1, close);
                position = close + (isAppend ? 3 : 2);
                var value = ParseWord();
                return new(subscript, isAppend, value, new([new WordPart.Literal(text[start..value.Start]), .. value.Parts], start, position));
            }
        }

        var word = ParseRequiredWord();
        return new(null, false, word, word);
    }
}
