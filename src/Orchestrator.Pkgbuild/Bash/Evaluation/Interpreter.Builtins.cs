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
        foreach (var word in words.Skip(1))
        {
            value = EvaluateArithmetic(word);
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
            // It is an error of that text, and the script goes on.
            Complain();
            return 1;
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

    private int ReadLine(List<string> words)
    {
        var (isRaw, delimiter, array, first) = (false, '\n', (string?)null, 1);
        for (; first < words.Count && words[first] is ['-', _, ..] option; first++)
        {
            for (var index = 1; index < option.Length; index++)
            {
                switch (option[index])
                {
                    case 'r':
                        isRaw = true;
                        break;
                    case 's' or 'e':
                        break;
                    case 'd' or 'a' or 'p' or 't' or 'n' or 'N' or 'u' or 'i':
                        var value = index + 1 < option.Length ? option[(index + 1)..] : ++first < words.Count ? words[first] : "";
                        switch (option[index])
                        {
                            case 'd':
                                delimiter = value.FirstOrDefault();
                                break;
                            case 'a':
                                array = value;
                                break;
                            case 'p' or 't':
                                break;
                            default:
                                throw new UnknownFlowException(new(place, $"read -{option[index]} is not evaluated here"));
                        }

                        index = option.Length;
                        break;
                    default:
                        Complain();
                        return 2;
                }
            }
        }

        var names = words[first..];
        (string Text, bool IsWhole)? line;
        line = input.Read(delimiter);
        var text = line?.Text ?? "";
        while (!isRaw && line is { IsWhole: true } && text.EndsWith('\\') && input.Read(delimiter) is { } next)
        {
            text = text[..^1] + next.Text;
            line = next;
        }

        AssignFields(text, isRaw, names, array);
        return line is { IsWhole: true } ? 0 : 1;
    }

    private void AssignFields(string text, bool isRaw, List<string> names, string? array)
    {
        var separators = Separators;
        if (!isRaw && text.Contains('\\', StringComparison.Ordinal))
        {
            throw new UnknownValueException(new(place, "read of backslashes without -r is not evaluated here"));
        }

        if (array is not null)
        {
            FieldBuffer buffer = new();
            buffer.Append(text, FieldBuffer.Kind.Expanded);
            var variable = variables.FindOrAdd(Resolve(array));
            (variable.Scalar, variable.Indexed, variable.Unknown, variable.IsAssigned) = (null, [], null, true);
            variable.Attributes |= VariableAttributes.Indexed;
            foreach (var field in buffer.Split(separators))
            {
                variable.Indexed.Add(variable.Indexed.Count, field.Text);
            }

            return;
        }

        if (names.Count == 0)
        {
            Assign("REPLY", text);
            return;
        }

        // The last name takes all of the rest.
        var blanks = new string([.. separators.Where(character => character is ' ' or '\t' or '\n')]);
        var rest = TrimStart(text, blanks);
        for (var index = 0; index < names.Count; index++)
        {
            if (index == names.Count - 1)
            {
                var last = (blanks.Length > 0 ? rest.TrimEnd(blanks) : rest).ToString();

                // A separator that only ends the last field is none of it.
                if (last.Length > 0 && separators.Contains(last[^1], StringComparison.Ordinal) && last.AsSpan(0, last.Length - 1).IndexOfAny(separators) < 0)
                {
                    last = last[..^1].TrimEnd([.. blanks]);
                }

                Assign(names[index], last);
                return;
            }

            var end = rest.IndexOfAny(separators);
            if (end < 0)
            {
                Assign(names[index], rest.ToString());
                rest = [];
                continue;
            }

            Assign(names[index], rest[..end].ToString());
            rest = TrimStart(rest[end..], blanks) is var after && after.Length > 0 && separators.Contains(after[0], StringComparison.Ordinal) && !blanks.Contains(after[0], StringComparison.Ordinal)
                ? TrimStart(after[1..], blanks)
                : after;
        }
    }

    // No characters to trim would mean all white space.
    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text, string characters) =>
        characters.Length > 0 ? text.TrimStart(characters) : text;

    private int ReadLines(List<string> words)
    {
        var (strips, delimiter, name) = (false, '\n', "MAPFILE");
        for (var index = 1; index < words.Count; index++)
        {
            switch (words[index])
            {
                case "-t":
                    strips = true;
                    break;
                case ['-', 'd', .. var rest]:
                    var value = rest.Length > 0 ? rest : words.ElementAtOrDefault(++index) ?? "";
                    delimiter = value.FirstOrDefault();
                    break;
                case ['-', ..]:
                    throw new UnknownFlowException(new(place, $"{words[0]} {words[index]} is not evaluated here"));
                default:
                    name = words[index];
                    break;
            }
        }

        SortedList<long, string> lines = [];
        while (input.Read(delimiter) is { } line)
        {
            lines.Add(lines.Count, strips || !line.IsWhole ? line.Text : line.Text + delimiter);
        }

        var variable = variables.FindOrAdd(Resolve(name));
        (variable.Scalar, variable.Indexed, variable.Unknown, variable.IsAssigned) = (null, lines, null, true);
        variable.Attributes |= VariableAttributes.Indexed;
        return 0;
    }

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

    private int Set(List<string> words)
    {
        for (var index = 1; index < words.Count; index++)
        {
            var word = words[index];
            if (word is "--" or "-" || word is not ['-' or '+', ..])
            {
                arguments = words[(index + (word is "--" or "-" ? 1 : 0))..];
                return 0;
            }

            var isOn = word[0] == '-';
            foreach (var letter in word.AsSpan(1))
            {
                if (letter == 'o')
                {
                    index++;
                    SetOption(words.ElementAtOrDefault(index) ?? "", isOn);
                }
                else
                {
                    SetOption(letter, isOn);
                }
            }
        }

        if (words.Count == 1)
        {
            output.Taint(new(place, "set prints all variables of the shell that reads the file"));
        }

        return 0;
    }

    private void SetOption(string name, bool isOn)
    {
        switch (name)
        {
            case "errexit":
                SetOption('e', isOn);
                break;
            case "nounset":
                SetOption('u', isOn);
                break;
            case "noglob":
                SetOption('f', isOn);
                break;
            case "posix" or "noexec" or "nolog":
                throw new UnknownFlowException(new(place, $"set -o {name} is not evaluated here"));
            default:
                // pipefail changes a status that is not known here in most cases.
                SetOption(name == "pipefail" ? 'P' : '?', isOn);
                break;
        }
    }

    private void SetOption(char letter, bool isOn)
    {
        switch (letter)
        {
            case 'e':
                options.ExitsOnError = isOn;
                break;
            case 'u':
                options.RefusesUnset = isOn;
                break;
            case 'f':
                options.HasNoGlobs = isOn;
                break;
            case 'n' or 't' or 'k' or 'P' when isOn:
                throw new UnknownFlowException(new(place, letter == 'P' ? "pipefail is not evaluated here" : $"set -{letter} is not evaluated here"));
            default:
                break;
        }
    }

    private int Shopt(List<string> words)
    {
        var (isSetting, isOn, isQuiet, isOptionOfSet, status) = (false, false, false, false, 0);
        foreach (var word in words.Skip(1))
        {
            if (word is ['-', ..])
            {
                isSetting |= word.AsSpan().ContainsAny('s', 'u');
                isOn |= word.Contains('s', StringComparison.Ordinal);
                isQuiet |= word.Contains('q', StringComparison.Ordinal);
                isOptionOfSet |= word.Contains('o', StringComparison.Ordinal);
            }
            else if (isSetting && isOptionOfSet)
            {
                SetOption(word, isOn);
            }
            else if (isSetting)
            {
                if (word is "expand_aliases" or "compat31" or "compat32" or "compat40" or "lastpipe" && isOn)
                {
                    throw new UnknownFlowException(new(place, $"shopt -s {word} is not evaluated here"));
                }

                _ = isOn ? options.Shopt.Add(word) : options.Shopt.Remove(word);
            }
            else
            {
                status = options.Shopt.Contains(word) ? status : 1;
                if (!isQuiet)
                {
                    Write($"shopt {(options.Shopt.Contains(word) ? "-s" : "-u")} {word}\n");
                }
            }
        }

        return status;
    }
}
