using System.Collections.Frozen;
using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>Builtins, but for those that declare variables.</content>
internal sealed partial class Interpreter
{
    private delegate int Builtin(Interpreter interpreter, List<string> words, ShellCommand.Simple command);

    private static readonly FrozenDictionary<string, Builtin> Builtins = new Dictionary<string, Builtin>
    {
        [":"] = (_, _, _) => 0,
        ["true"] = (_, _, _) => 0,
        ["false"] = (_, _, _) => 1,
        ["echo"] = (shell, words, _) => shell.Echo(words),
        ["printf"] = (shell, words, _) => shell.Print(words),
        ["test"] = (shell, words, _) => shell.TestArguments(words[1..]),
        ["["] = (shell, words, _) => shell.TestBrackets(words),
        ["declare"] = (shell, words, command) => shell.Declare(words, command),
        ["typeset"] = (shell, words, command) => shell.Declare(words, command),
        ["local"] = (shell, words, command) => shell.Declare(words, command),
        ["export"] = (shell, words, command) => shell.Declare(words, command),
        ["readonly"] = (shell, words, command) => shell.Declare(words, command),
        ["unset"] = (shell, words, _) => shell.Unset(words),
        ["set"] = (shell, words, _) => shell.Set(words),
        ["shopt"] = (shell, words, _) => shell.Shopt(words),
        ["shift"] = (shell, words, _) => shell.Shift(words),
        ["let"] = (shell, words, _) => shell.Let(words),
        ["eval"] = (shell, words, command) => shell.Eval(words, command),
        ["source"] = (shell, words, _) => shell.SourceFile(words),
        ["."] = (shell, words, _) => shell.SourceFile(words),
        ["return"] = (shell, words, _) => shell.Leave(Flow.Return, words),
        ["exit"] = (shell, words, _) => shell.Leave(Flow.Exit, words),
        ["break"] = (shell, words, _) => shell.LeaveLoop(Flow.Break, words),
        ["continue"] = (shell, words, _) => shell.LeaveLoop(Flow.Continue, words),
        ["read"] = (shell, words, _) => shell.ReadLine(words),
        ["mapfile"] = (shell, words, _) => shell.ReadLines(words),
        ["readarray"] = (shell, words, _) => shell.ReadLines(words),
        ["cd"] = (shell, words, _) => shell.ChangeDirectory(words),
        ["pwd"] = (shell, _, _) => shell.Write(shell.directory + "\n"),
        ["command"] = (shell, words, command) => shell.CommandBuiltin(words, command),
        ["builtin"] = (shell, words, command) => words.Count > 1 && Builtins!.TryGetValue(words[1], out var builtin) ? builtin(shell, words[1..], command) : 1,
        ["type"] = (shell, words, _) => shell.FindCommands(words[1..], isSilent: !words.Contains("-t") && !words.Contains("-p") && !words.Contains("-P")),
        ["hash"] = (shell, words, _) => shell.FindCommands(words[1..], isSilent: true),
        ["umask"] = (_, _, _) => 0,
        ["ulimit"] = (_, _, _) => 0,
        ["alias"] = (_, _, _) => 0,
        ["unalias"] = (_, _, _) => 0,
        ["trap"] = (shell, words, _) => shell.Trap(words),
        ["exec"] = (shell, words, _) => words.Count == 1 ? 0 : throw new UnknownFlowException(new(shell.place, "exec replaces the shell by a program")),
        ["wait"] = (_, _, _) => 0,
        ["jobs"] = (_, _, _) => 0,
        ["disown"] = (_, _, _) => 0,
        ["getopts"] = (shell, words, _) => shell.NotEvaluated(words),
        ["pushd"] = (shell, words, _) => shell.NotEvaluated(words),
        ["popd"] = (shell, words, _) => shell.NotEvaluated(words),
        ["dirs"] = (shell, words, _) => shell.NotEvaluated(words),
        ["caller"] = (shell, words, _) => shell.NotEvaluated(words),
        ["enable"] = (shell, words, _) => shell.NotEvaluated(words),
        ["msg"] = (shell, _, _) => shell.Message(),
        ["msg2"] = (shell, _, _) => shell.Message(),
        ["plain"] = (shell, _, _) => shell.Message(),
        ["warning"] = (shell, _, _) => shell.Message(),
        ["error"] = (shell, _, _) => shell.Message(),
        ["kill"] = (shell, words, _) => shell.RunUnknown("kill signals a process", null),
        ["times"] = (shell, words, _) => shell.RunUnknown("times is another in each run", null),
    }.ToFrozenDictionary();

    private int Write(string text)
    {
        output.Write(text, place);
        return 0;
    }

    // It changes the shell in a way that is not followed here: nothing behind it is known.
    private int NotEvaluated(List<string> words) => throw new UnknownFlowException(new(place, $"the builtin {words[0]} is not evaluated here"));

    // makepkg's own functions, which print something for people.
    private int Message()
    {
        output.Taint(new(place, "makepkg's messages are not evaluated here"));
        Complain();
        return 0;
    }

    private int Echo(List<string> words)
    {
        var (first, hasNewline, hasEscapes) = (1, true, options.Shopt.Contains("xpg_echo"));
        while (first < words.Count && words[first] is ['-', _, ..] option && option.AsSpan(1).IndexOfAnyExcept("neE") < 0)
        {
            foreach (var letter in option.AsSpan(1))
            {
                hasNewline &= letter != 'n';
                hasEscapes = letter == 'e' || (hasEscapes && letter != 'E');
            }

            first++;
        }

        var text = string.Join(' ', words.Skip(first));
        var stops = false;
        text = hasEscapes ? Escapes.Decode(text, EscapeDialect.Echo, out stops) : text;
        return Write(hasNewline && !stops ? text + "\n" : text);
    }

    private int Print(List<string> words)
    {
        var variable = words is [_, ['-', 'v', ..], ..] ? words[1].Length > 2 ? words[1][2..] : words.ElementAtOrDefault(2) : null;
        var format = variable is null ? 1 : words[1].Length > 2 ? 2 : 3;
        format += format < words.Count && words[format] == "--" ? 1 : 0;
        if (format >= words.Count)
        {
            Complain();
            return 2;
        }

        var (text, status) = new PrintfFormat(words[format], words[(format + 1)..], place, budget).Print();
        if (status != 0)
        {
            Complain();
        }

        if (variable is null)
        {
            output.Write(text, place);
            return status;
        }

        // A value ends at a NUL.
        text = text.Split('\0')[0];
        if (!IsName(variable) && SplitSubscript(variable) is null)
        {
            Complain();
            return 2;
        }

        if (SplitSubscript(variable) is var (name, subscript))
        {
            Assign(name, text, subscript);
        }
        else
        {
            Assign(variable, text);
        }

        return status;
    }

    private int TestBrackets(List<string> words)
    {
        if (words[^1] == "]")
        {
            return TestArguments(words[1..^1]);
        }

        Complain();
        return 2;
    }

    private int Shift(List<string> words)
    {
        var count = words.Count > 1 ? (int)Number(words[1]) : 1;
        if (count > arguments.Count)
        {
            return 1;
        }

        arguments = arguments[count..];
        return 0;
    }

    private int Let(List<string> words)
    {
        var value = 0L;
        var assignments = arithmeticAssignments;
        try
        {
            foreach (var word in words.Skip(1))
            {
                value = Arithmetic.Evaluate(word, this);
            }
        }
        catch (ArithmeticException)
        {
            KnowAssignments(assignments);

            // An error of this command, and the script goes on.
            Complain();
            return 1;
        }

        return value != 0 ? 0 : 1;
    }

    private int Eval(List<string> words, ShellCommand.Simple command)
    {
        if (command.Arguments.Any(argument => argument.Compound is not null))
        {
            throw new UnknownFlowException(new(place, "an eval of this form is not evaluated here"));
        }

        var first = words is [_, "--", ..] ? 2 : 1;
        ScriptText text = new(string.Join(' ', words.Skip(first)), script.File, place);
        try
        {
            return RunText(text);
        }
        catch (BashSyntaxException)
        {
            // bash runs the lines before the one that is wrong, and where something is not closed, it may run none of those
            // that follow the eval.
            throw new UnknownFlowException(new(place, "an eval of what is no whole command is not evaluated here"));
        }
    }

    private int SourceFile(List<string> words)
    {
        if (words.Count < 2)
        {
            Complain();
            return 2;
        }

        var path = words[1];
        string? content;
        try
        {
            // Without a slash it is looked for on PATH first, where nobody has such a file.
            content = ReadFile(path);
        }
        catch (UnknownValueException exception)
        {
            throw new UnknownFlowException(exception.Unknown);
        }

        if (content is null)
        {
            Complain();
            return 1;
        }

        var saved = arguments;
        arguments = words.Count > 2 ? words[2..] : arguments;
        var status = RunText(new(content, Path.GetFullPath(Path.Combine(directory, path))));
        arguments = words.Count > 2 ? saved : arguments;
        flow = flow == Flow.Return ? Flow.Normal : flow;
        return status;
    }

    private int Leave(Flow kind, List<string> words)
    {
        flow = kind;
        var status = words.Count > 1 ? (int)(Number(words[1]) & 255) : lastStatus;
        return status;
    }

    private int LeaveLoop(Flow kind, List<string> words)
    {
        if (loops == 0)
        {
            return 0;
        }

        (flow, flowCount) = (kind, words.Count > 1 ? (int)Math.Min(Number(words[1]), loops) : 1);
        return 0;
    }

    private long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Error($"{text}: numeric argument required");

    private int ChangeDirectory(List<string> words)
    {
        var target = words.Skip(1).FirstOrDefault(word => word is not ("-P" or "-L" or "--")) ?? home;
        if (target == "-")
        {
            throw new UnknownFlowException(new(place, "cd - is not evaluated here"));
        }

        try
        {
            KnowFiles();
        }
        catch (UnknownValueException exception)
        {
            throw new UnknownFlowException(exception.Unknown);
        }

        var path = Path.GetFullPath(Path.Combine(directory, target));
        if (!Directory.Exists(path))
        {
            Complain();
            return 1;
        }

        SetScalar("OLDPWD", directory);
        directory = path;
        SetScalar("PWD", path);
        return 0;
    }

    private int CommandBuiltin(List<string> words, ShellCommand.Simple command)
    {
        if (words.Count > 1 && words[1] is "-v" or "-V")
        {
            return FindCommands(words[2..], isSilent: words[1] == "-V");
        }

        var first = words.Count > 1 && words[1] is "-p" or "--" ? 2 : 1;
        return first >= words.Count ? 0 :
            Builtins.TryGetValue(words[first], out var builtin) ? builtin(this, words[first..], command) :
            RunUnknown($"'{Printable.OneLine(words[first])}' is a program", null);
    }

    /// <summary><c>command -v</c>, <c>type</c> and <c>hash</c>: whether there are such commands.</summary>
    private int FindCommands(List<string> names, bool isSilent)
    {
        var status = 0;
        foreach (var name in names.Where(name => !name.StartsWith('-')))
        {
            if (unknownFunctions.TryGetValue(name, out var unknown))
            {
                throw new UnknownValueException(unknown);
            }

            if (!functions.ContainsKey(name) && !Builtins.ContainsKey(name))
            {
                // What is installed is known only where bash would run.
                return RunUnknown($"whether there is a program '{Printable.OneLine(name)}' is the machine's matter", null, changesFiles: false);
            }

            if (isSilent)
            {
                output.Taint(new(place, "the words of type are not evaluated here"));
            }

            Write(name + "\n");
        }

        return status;
    }

    private int Trap(List<string> words) =>
        words.Skip(2).Any(signal => signal is "DEBUG" or "RETURN" or "ERR" or "EXIT" or "0")
            ? throw new UnknownFlowException(new(place, "what a trap does is not evaluated here"))
            : 0;
}
