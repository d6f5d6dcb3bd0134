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
        var outer = hasExtendedGlobsNext;
        var body = ParseBody();
        hasExtendedGlobsNext = outer;
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

        var outer = hasExtendedGlobsNext;
        var body = ParseCommand();
        hasExtendedGlobsNext = outer;
        return new(name, body, raw, start);
    }
}
