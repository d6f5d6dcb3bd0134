namespace Orchestrator.Pkgbuild.Bash;

/// <content>Simple commands, functions and redirections.</content>
internal sealed partial class Interpreter
{
    private int RunSimple(ShellCommand.Simple simple)
    {
        if (simple.Arguments.Count == 0)
        {
            return RunAssignments(simple);
        }

        List<string> words;
        try
        {
            words = ExpandArguments(simple.Arguments);
        }
        catch (UnknownValueException exception)
        {
            MarkDeclared(simple, exception.Unknown);
            return NotKnown(simple, exception.Unknown);
        }

        if (words.Count == 0)
        {
            return RunAssignments(simple with { Arguments = [] });
        }

        using var redirection = Redirect(simple.Redirections);
        if (redirection.HasFailed)
        {
            return 1;
        }

        // What stands before a command is set for that command.
        if (simple.Assignments.Count > 0)
        {
            variables.Push();
        }

        try
        {
            foreach (var assignment in simple.Assignments)
            {
                PerformLocally(assignment);
            }

            return RunCommand(words, simple);
        }
        catch (UnknownValueException exception)
        {
            return NotKnown(simple, exception.Unknown);
        }
        finally
        {
            if (simple.Assignments.Count > 0)
            {
                variables.Pop();
            }
        }
    }

    // Whether the command that is tainted runs, although it is not known what it does.
    private bool isCertain;

    private int NotKnown(ShellCommand command, UnknownValue unknown)
    {
        isCertain = true;
        Taint(command, unknown);
        isCertain = false;
        output.Taint(unknown);
        statusReason = unknown;
        return Unknown;
    }

    private int RunCommand(List<string> words, ShellCommand.Simple simple)
    {
        var name = words[0];
        if (unknownFunctions.TryGetValue(name, out var unknown))
        {
            throw new UnknownFlowException(unknown);
        }

        if (functions.TryGetValue(name, out var function))
        {
            return Call(function, words[1..]);
        }

        return Builtins.TryGetValue(name, out var builtin)
            ? builtin(this, words, simple)
            : RunUnknown($"'{Printable.OneLine(name)}' is a program", null);
    }

    private int Call(ShellCommand.Function function, List<string> values)
    {
        if (++calls > MaximumCalls)
        {
            throw new ShellErrorException($"{function.Name}: functions call each other more than {MaximumCalls} deep", place, isLimit: true);
        }

        var saved = (arguments, script, loops, place);
        variables.Push();
        (arguments, script, loops) = (values, function.Source.Source, 0);
        try
        {
            var status = Run(function.Body);
            if (flow == Flow.Return)
            {
                flow = Flow.Normal;
            }

            return status;
        }
        finally
        {
            variables.Pop();
            calls--;
            (arguments, script, loops, place) = saved;
        }
    }

    /// <summary>Runs a text that is made at run time, or that is in another file.</summary>
    private int RunText(ScriptText text)
    {
        if (++calls > MaximumCalls)
        {
            throw new ShellErrorException($"texts that are evaluated are nested more than {MaximumCalls} deep", place, isLimit: true);
        }

        var outer = script;
        script = text;
        try
        {
            return Run(ScriptParser.Parse(text, options.HasExtendedGlobs));
        }
        finally
        {
            script = outer;
            calls--;
        }
    }

    private int RunAssignments(ShellCommand.Simple simple)
    {
        substitutionStatus = 0;
        UnknownValue? unknown = null;
        foreach (var assignment in simple.Assignments)
        {
            unknown = Perform(assignment) ?? unknown;
        }

        using var redirection = Redirect(simple.Redirections);
        if (unknown is not null && substitutionStatus == Unknown)
        {
            statusReason = unknown;
        }

        return redirection.HasFailed ? 1 : substitutionStatus;
    }

    /// <summary>Words of a command. <c>declare</c> and its like take assignments, which are expanded as such.</summary>
    private List<string> ExpandArguments(IReadOnlyList<ShellCommand.Argument> commandArguments)
    {
        var isDeclaration = commandArguments[0].Word.Bare is "declare" or "typeset" or "local" or "export" or "readonly";
        List<string> words = [];
        foreach (var (word, compound) in commandArguments)
        {
            if (compound is not null)
            {
                // It is performed by the builtin, which finds it among the arguments.
                words.Add($"{CompoundMark}{compound.Name}");
            }
            else if (isDeclaration && IsAssignmentWord(word) && !BraceExpansion.MakesSeveral(word))
            {
                words.Add(ExpandAssignmentText(word));
            }
            else
            {
                ExpandWord(word, words);
            }
        }

        return words;
    }

    // No word has a NUL.
    private const char CompoundMark = '\0';

    private static bool IsAssignmentWord(Word word)
    {
        if (word.Parts is not [WordPart.Literal { Text: var text }, ..])
        {
            return false;
        }

        var end = text.IndexOf('=', StringComparison.Ordinal);
        if (end > 0 && text[end - 1] == '+')
        {
            end--;
        }

        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        return end > 0 && IsName(text[..(bracket > 0 && bracket < end ? bracket : end)]);
    }

    private static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    /// <summary>Redirects what follows, until it is disposed.</summary>
    private RedirectionScope Redirect(IReadOnlyList<Redirection> redirections)
    {
        RedirectionScope scope = new(this);
        foreach (var redirection in redirections)
        {
            if (!TryRedirect(redirection))
            {
                scope.HasFailed = true;
                break;
            }
        }

        return scope;
    }

    private bool TryRedirect(Redirection redirection)
    {
        try
        {
            switch (redirection.Operator)
            {
                case "<<" or "<<-":
                    input = redirection.Descriptor == 0 ? new(ExpandQuotedText(redirection.Body ?? throw Error("the here-document has an expansion that is not closed"))) : input;
                    return true;
                case "<<<":
                    input = redirection.Descriptor == 0 ? new(ExpandText(redirection.Target) + "\n") : input;
                    return true;
                case "<&":
                    return true;
                case "<":
                    return TryRedirectInput(redirection);
                default:
                    RedirectOutput(redirection, ExpandText(redirection.Target));
                    return true;
            }
        }
        catch (UnknownValueException exception)
        {
            Taint(redirection.Target, exception.Unknown);
            Taint(redirection.Body, exception.Unknown);
            if (redirection.Operator[0] == '<')
            {
                input = new(exception.Unknown);
            }
            else
            {
                filesReason ??= exception.Unknown;
                output = OutputSink.Discard;
            }

            return true;
        }
    }

    private bool TryRedirectInput(Redirection redirection)
    {
        if (redirection.Target.Parts is [WordPart.ProcessSubstitution { IsInput: true } substitution])
        {
            var (text, unknown) = Capture(substitution.Body, substitution.Source);
            input = unknown is null ? new(text) : new(unknown);
            return true;
        }

        var file = ExpandText(redirection.Target);
        if (redirection.Descriptor != 0)
        {
            return true;
        }

        if (ReadFile(file) is not { } content)
        {
            Complain();
            return false;
        }

        input = new(content);
        return true;
    }

    private void RedirectOutput(Redirection redirection, string target)
    {
        if (redirection.Operator == ">&" && (target == "-" || target.All(char.IsAsciiDigit)))
        {
            var to = target switch { "1" => output, "2" => errorOutput, _ => OutputSink.Discard };
            (output, errorOutput) = redirection.Descriptor switch { 1 => (to, errorOutput), 2 => (output, to), _ => (output, errorOutput) };
            return;
        }

        var (sink, isFile) = target switch
        {
            "/dev/null" or "/dev/tty" => (OutputSink.Discard, false),
            "/dev/stdout" or "/dev/fd/1" => (output, false),
            "/dev/stderr" or "/dev/fd/2" => (errorOutput, false),
            _ => (OutputSink.Discard, true),
        };
        if (isFile)
        {
            filesReason ??= new(place, $"it writes the file '{Printable.OneLine(target)}'");
        }

        var isBoth = redirection.Operator is "&>" or "&>>" or ">&";
        output = isBoth || redirection.Descriptor == 1 ? sink : output;
        errorOutput = isBoth || redirection.Descriptor == 2 ? sink : errorOutput;
    }

    /// <summary>A builtin prints an error, whose words are not followed here.</summary>
    private void Complain() => errorOutput.Taint(new(place, "it is an error message"));

    /// <summary>The text of a file; null if there is none.</summary>
    private string? ReadFile(string path)
    {
        const int MaximumSize = 1 << 20;
        if (path == "/dev/null")
        {
            return "";
        }

        KnowFiles();
        FileInfo file = new(Path.Combine(directory, path));
        try
        {
            // A FIFO or a device has no length, and would block.
            return !file.Exists ? null : file.Length is > 0 and <= MaximumSize ? ByteText.Decode(File.ReadAllBytes(file.FullName)) :
                file.Length == 0 && (file.Attributes & FileAttributes.Device) == 0 ? "" :
                throw new UnknownValueException(new(place, $"it reads '{Printable.OneLine(path)}', which has more than {MaximumSize} bytes"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Throws if the files may not be those that bash would see.</summary>
    private void KnowFiles()
    {
        if (filesReason is { } reason)
        {
            throw new UnknownValueException(new(place, $"it depends on a file that line {reason.Place.Line} may have changed, where {reason.Reason}"));
        }
    }

    private sealed class RedirectionScope(Interpreter interpreter) : IDisposable
    {
        private readonly OutputSink output = interpreter.output;
        private readonly OutputSink errorOutput = interpreter.errorOutput;
        private readonly TextInput input = interpreter.input;

        internal bool HasFailed { get; set; }

        public void Dispose() => (interpreter.output, interpreter.errorOutput, interpreter.input) = (output, errorOutput, input);
    }
}
