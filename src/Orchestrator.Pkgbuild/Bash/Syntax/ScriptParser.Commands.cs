namespace Orchestrator.Pkgbuild.Bash;

/// <content>Commands.</content>
internal sealed partial class ScriptParser
{
    private ShellCommand ParseCommand()
    {
        SkipBlanks();
        Enter();
        var command = Current == '(' ? ParseParenthesis() : ParseReserved(position, PeekReserved()) ?? ParseSimple();
        if (command is not (ShellCommand.Simple or ShellCommand.Function or ShellCommand.Coprocess))
        {
            List<Redirection> redirections = [];
            while (TryParseRedirection(redirections))
            {
            }

            command = redirections.Count > 0 ? command with { Redirections = redirections } : command;
        }

        depth--;
        return command;
    }

    private ShellCommand ParseParenthesis()
    {
        var start = position;
        if (Peek(1) == '(' && FindArithmeticEnd(position + 2) is { } close)
        {
            var expression = ParseQuotedRange(position + 2, close, QuotedText.Arithmetic);
            position = close + 2;
            return new ShellCommand.Arithmetic(expression, start);
        }

        position++;
        var body = ParseBody();
        Expect(')');
        return new ShellCommand.Subshell(body, start);
    }

    private ShellCommand? ParseReserved(int start, string? word)
    {
        switch (word)
        {
            case "{":
                position++;
                var body = ParseBody();
                ExpectReserved("}");
                return new ShellCommand.Group(body, start);
            case "if":
                position += 2;
                return ParseIf(start);
            case "while" or "until":
                position += 5;
                var condition = ParseBody();
                return new ShellCommand.While(condition, word == "until", ParseLoopBody(), start);
            case "for" or "select":
                position += word.Length;
                return ParseFor(start, word == "select");
            case "case":
                position += 4;
                return ParseCase(start);
            case "function":
                position += 8;
                return ParseFunctionKeyword(start);
            case "[[":
                position += 2;
                var expression = ParseConditional();
                return new ShellCommand.Conditional(expression, start);
            case "coproc":
                position += 6;
                SkipBlanks();
                return new ShellCommand.Coprocess(ParseCommand(), start);
            case "then" or "else" or "elif" or "fi" or "do" or "done" or "esac" or "}":
                throw Unexpected();
            default:
                return null;
        }
    }

    private ShellCommand.If ParseIf(int start)
    {
        var condition = ParseBody();
        ExpectReserved("then");
        var then = ParseBody();
        SkipNewlines();
        var at = position;
        switch (PeekReserved())
        {
            case "elif":
                // Each is one deeper, as it is in the tree.
                Enter();
                position += 4;
                var nested = ParseIf(at);
                depth--;
                return new(condition, then, nested, start);
            case "else":
                position += 4;
                var otherwise = ParseBody();
                ExpectReserved("fi");
                return new(condition, then, otherwise, start);
            default:
                ExpectReserved("fi");
                return new(condition, then, null, start);
        }
    }

    private ShellCommand.Sequence ParseLoopBody()
    {
        SkipNewlines();
        var isBrace = PeekReserved() == "{";
        ExpectReserved(isBrace ? "{" : "do");
        var body = ParseBody();
        ExpectReserved(isBrace ? "}" : "done");
        return body;
    }

    private ShellCommand ParseFor(int start, bool isSelect)
    {
        SkipBlanks();
        if (!isSelect && IsNext("((") && FindArithmeticEnd(position + 2) is { } close)
        {
            return ParseArithmeticFor(start, close);
        }

        var nameStart = position;
        var name = ParseWord().Bare ?? "";
        if (name.Length == 0)
        {
            position = nameStart;
            throw Unexpected();
        }

        SkipNewlines();
        List<Word>? words = null;
        if (PeekReserved() == "in")
        {
            position += 2;
            words = [];
            SkipBlanks();
            while (Current is not (';' or '\n'))
            {
                words.Add(ParseRequiredWord());
                SkipBlanks();
            }
        }

        SkipBlanks();
        if (Current == ';')
        {
            position++;
        }

        return new ShellCommand.For(name, words, ParseLoopBody(), isSelect, start);
    }

    private ShellCommand.ArithmeticFor ParseArithmeticFor(int start, int close)
    {
        List<Word> expressions = [];
        var begin = position + 2;
        while (expressions.Count < 3)
        {
            var semicolon = expressions.Count < 2 ? text.IndexOf(';', begin, close - begin) : close;
            if (semicolon < 0)
            {
                throw Unexpected();
            }

            expressions.Add(ParseQuotedRange(begin, semicolon, QuotedText.Arithmetic));
            begin = semicolon + 1;
        }

        position = close + 2;
        SkipBlanks();
        if (Current == ';')
        {
            position++;
        }

        return new(expressions[0], expressions[1], expressions[2], ParseLoopBody(), start);
    }

    private ShellCommand.Case ParseCase(int start)
    {
        SkipBlanks();
        var subject = ParseRequiredWord();
        ExpectReserved("in");
        List<ShellCommand.CaseClause> clauses = [];
        while (true)
        {
            SkipNewlines();
            if (PeekReserved() == "esac")
            {
                position += 4;
                return new(subject, clauses, start);
            }

            if (Current == '(')
            {
                position++;
                SkipBlanks();
            }

            List<Word> patterns = [ParseRequiredWord()];
            SkipBlanks();
            while (Current == '|')
            {
                position++;
                SkipBlanks();
                patterns.Add(ParseRequiredWord());
                SkipBlanks();
            }

            Expect(')');
            var body = ParseList();
            var terminator = IsNext(";;&") ? ";;&" : IsNext(";;") ? ";;" : IsNext(";&") ? ";&" : "";
            position += terminator.Length;
            clauses.Add(new(patterns, body.Items.Count > 0 ? body : null, terminator.Length > 0 ? terminator : ";;"));
            if (terminator.Length == 0 && PeekReserved() != "esac")
            {
                throw Unexpected();
            }
        }
    }

    private ShellCommand.Function ParseFunctionKeyword(int start)
    {
        SkipBlanks();
        var word = ParseRequiredWord();
        SkipBlanks();
        if (Current == '(')
        {
            position++;
            SkipBlanks();
            Expect(')');
        }

        return ParseFunctionBody(text[word.Start..word.End], start);
    }

    private ShellCommand.Function ParseFunctionBody(string name, int start)
    {
        SkipNewlines();
        if (Current != '(' && PeekReserved() is not ("{" or "if" or "while" or "until" or "for" or "select" or "case" or "[["))
        {
            throw Unexpected();
        }

        return new(name, ParseCommand(), raw, start);
    }

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

    // bash parses line by line: what one line turns on is on in the next.
    private void NoteExtendedGlobs(List<ShellCommand.Argument> arguments)
    {
        if (arguments is [{ Word.Bare: "shopt" }, { Word.Bare: ['-', 's' or 'u', ..] option }, .. var names] && names.Any(name => name.Word.Bare == "extglob"))
        {
            hasExtendedGlobs = option[1] == 's';
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
