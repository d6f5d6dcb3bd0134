namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// Parses bash's language (<c>bash(1)</c>, SHELL GRAMMAR) by recursive descent, in time linear in the length of the text.
/// It knows all of the grammar but aliases. What it returns is for <see cref="Interpreter"/>.
/// </summary>
internal sealed partial class ScriptParser
{
    /// <summary>Nesting that no script for people has, and that a stack of 1 MiB can stand.</summary>
    internal const int MaximumDepth = 150;

    private readonly ScriptText source;
    private readonly string text;
    private readonly RawText raw;
    private readonly List<HereDocument> hereDocuments = [];
    private int position;
    private int end;
    private int depth;
    private bool hasExtendedGlobs;

    // Whether the option is on from the next line on.
    private bool hasExtendedGlobsNext;

    private ScriptParser(ScriptText source, bool hasExtendedGlobs, int depth)
    {
        (this.source, this.hasExtendedGlobs, hasExtendedGlobsNext, this.depth) = (source, hasExtendedGlobs, hasExtendedGlobs, depth);
        text = source.Text;
        end = text.Length;
        raw = new(source);
    }

    private char Current => position < end ? text[position] : '\0';

    private bool IsAtEnd => position >= end;

    /// <summary>Parses a whole script.</summary>
    /// <param name="source">The script.</param>
    /// <param name="hasExtendedGlobs">Whether <c>extglob</c> is on where it begins; <c>shopt -s extglob</c> in it turns it on.</param>
    /// <exception cref="BashSyntaxException">It is not in bash's language, or nests too deep.</exception>
    internal static ShellCommand Parse(ScriptText source, bool hasExtendedGlobs = false)
    {
        ScriptParser parser = new(source, hasExtendedGlobs, depth: 0);
        var commands = parser.ParseList(isWhole: true);

        // One whose delimiter is missing, and all of its lines, ends with the script.
        parser.ReadHereDocuments();
        return parser.IsAtEnd ? commands : throw parser.Unexpected();
    }

    /// <summary>Parses an arithmetic expression that stands in a value, for what is to be expanded in it.</summary>
    internal static Word ParseExpression(ScriptText source)
    {
        ScriptParser parser = new(source, hasExtendedGlobs: false, depth: 0);
        return parser.ParseQuotedRange(0, parser.end, QuotedText.Arithmetic);
    }

    private char Peek(int offset) => position + offset < end ? text[position + offset] : '\0';

    private bool IsNext(string expected) =>
        position + expected.Length <= end && text.AsSpan(position, expected.Length).SequenceEqual(expected);

    /// <summary>Commands up to what cannot begin one: a closing sign or word, or the end.</summary>
    /// <param name="isWhole">Whether they are the script: bash parses its lines one by one, and a command over more at once.</param>
    private ShellCommand.Sequence ParseList(bool isWhole = false)
    {
        Enter();
        var start = position;
        List<(ShellCommand, bool)> items = [];
        while (true)
        {
            SkipNewlines();
            if (IsAtEndOfList())
            {
                break;
            }

            var command = ParseAndOr();
            SkipBlanks();
            var isBackground = false;
            if (Current == '&')
            {
                isBackground = true;
                position++;
            }
            else if (Current == ';' && Peek(1) is not (';' or '&'))
            {
                position++;
            }
            else if (Current != '\n' && !IsAtEndOfList())
            {
                throw Unexpected();
            }

            items.Add((command, isBackground));
            SkipBlanks();
            if (isWhole && Current == '\n')
            {
                hasExtendedGlobs = hasExtendedGlobsNext;
            }
        }

        depth--;
        return new(items, start);
    }

    /// <summary>Commands, of which there must be one.</summary>
    private ShellCommand.Sequence ParseBody()
    {
        var body = ParseList();
        return body.Items.Count > 0 ? body : throw Unexpected();
    }

    private bool IsAtEndOfList() => Current switch
    {
        '\0' => IsAtEnd,
        ')' => true,
        ';' => Peek(1) is ';' or '&',
        '}' or 't' or 'e' or 'f' or 'd' => PeekReserved() is "}" or "then" or "else" or "elif" or "fi" or "do" or "done" or "esac",
        _ => false,
    };

    private ShellCommand ParseAndOr()
    {
        var left = ParsePipeline();
        while (true)
        {
            SkipBlanks();
            if (!IsNext("&&") && !IsNext("||"))
            {
                return left;
            }

            var isAnd = Current == '&';
            position += 2;
            SkipNewlines();
            left = new ShellCommand.AndOr(left, isAnd, ParsePipeline());
        }
    }

    private ShellCommand ParsePipeline()
    {
        SkipBlanks();
        var start = position;
        var (isNegated, isTimed) = (false, false);
        while (PeekReserved() is { } word and ("!" or "time"))
        {
            position += word.Length;
            isNegated ^= word == "!";
            isTimed |= word == "time";
            SkipBlanks();
            if (isTimed && PeekReserved() == "-p")
            {
                position += 2;
                SkipBlanks();
            }
        }

        List<ShellCommand> commands = [ParseCommand()];
        SkipBlanks();
        while (Current == '|' && Peek(1) != '|')
        {
            position++;
            if (Current == '&')
            {
                commands[^1] = WithErrorToOutput(commands[^1]);
                position++;
            }

            SkipNewlines();
            commands.Add(ParseCommand());
            SkipBlanks();
        }

        return commands.Count == 1 && !isNegated && !isTimed ? commands[0] : new ShellCommand.Pipeline(commands, isNegated, isTimed, start);
    }

    // a |& b is a 2>&1 | b, and is what bash makes of it when it prints a function.
    private static ShellCommand WithErrorToOutput(ShellCommand command)
    {
        Redirection redirection = new(2, ">&", new([new WordPart.Literal("1")], 0, 0), "2");
        return command with { Redirections = [.. command.Redirections, redirection] };
    }

    /// <summary>Skips blanks, continued lines and a comment.</summary>
    private void SkipBlanks()
    {
        while (position < end)
        {
            switch (text[position])
            {
                case ' ' or '\t':
                    position++;
                    break;
                case '\\' when Peek(1) == '\n':
                    position += 2;
                    break;
                case '#':
                    var newline = text.IndexOf('\n', position, end - position);
                    position = newline < 0 ? end : newline;
                    return;
                default:
                    return;
            }
        }
    }

    /// <summary>Skips blanks, comments and newlines, and the here-documents that begin after one.</summary>
    private void SkipNewlines()
    {
        SkipBlanks();
        while (Current == '\n')
        {
            position++;
            ReadHereDocuments();
            SkipBlanks();
        }
    }

    /// <summary>The characters up to the next one that ends a word: what a reserved word must consist of alone.</summary>
    private string? PeekReserved()
    {
        // No reserved word is longer than this.
        var length = text.AsSpan(position, Math.Min(end - position, 9)).IndexOfAny(WordEnds);
        length = length >= 0 ? length : end - position < 9 ? end - position : 0;
        return length == 0 ? null : text.Substring(position, length);
    }

    private void ExpectReserved(string word)
    {
        SkipNewlines();
        if (PeekReserved() != word)
        {
            throw Unexpected();
        }

        position += word.Length;
    }

    private void Expect(char sign)
    {
        if (Current != sign)
        {
            throw Unexpected();
        }

        position++;
    }

    private void Enter()
    {
        if (++depth > MaximumDepth)
        {
            throw Wrong($"the script nests more than {MaximumDepth} deep", position);
        }
    }

    private BashSyntaxException Unexpected()
    {
        if (IsAtEnd && end == text.Length)
        {
            return Wrong("syntax error: unexpected end of file", Math.Max(0, text.Length - 1));
        }

        var start = position;
        if (Current == '\n')
        {
            return Wrong("syntax error near unexpected token `newline'", start);
        }

        var length = Current switch
        {
            ';' or '&' or '|' when Peek(1) == Current => 2,
            ';' or '&' or '|' or '(' or ')' or '<' or '>' => 1,
            _ => Math.Max(1, text.AsSpan(start, end - start).IndexOfAny(WordEnds) is var length1 and >= 0 ? length1 : Math.Min(40, end - start)),
        };
        return Wrong($"syntax error near unexpected token `{text.AsSpan(start, Math.Min(length, end - start))}'", start);
    }

    private BashSyntaxException Unclosed(char sign, int opening) =>
        Wrong($"unexpected EOF while looking for matching `{sign}'", opening);

    private BashSyntaxException Wrong(string message, int at) => new(message, source.PlaceOf(at));
}
