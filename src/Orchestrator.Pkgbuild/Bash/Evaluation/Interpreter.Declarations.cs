namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>declare</c>, <c>local</c>, <c>export</c>, <c>readonly</c> and <c>unset</c>.</content>
internal sealed partial class Interpreter
{
    private int Declare(List<string> words, ShellCommand.Simple command)
    {
        var name = words[0];
        var added = name switch
        {
            "export" => VariableAttributes.Exported,
            "readonly" => VariableAttributes.ReadOnly,
            _ => VariableAttributes.None,
        };
        var (removed, isGlobal, isFunction, prints, first) = (VariableAttributes.None, false, false, false, 1);
        for (; first < words.Count && words[first] is ['-' or '+', _, ..] option && option[1] != CompoundMark; first++)
        {
            if (option == "--")
            {
                first++;
                break;
            }

            foreach (var letter in option.AsSpan(1))
            {
                var attribute = letter == 'n' && name == "export" ? VariableAttributes.None : AttributeOf(letter);
                if (letter == 'n' && name == "export")
                {
                    removed |= VariableAttributes.Exported;
                    added = VariableAttributes.None;
                }
                else if (option[0] == '-')
                {
                    added |= attribute;
                }
                else
                {
                    removed |= attribute;
                }

                isGlobal |= letter == 'g';
                isFunction |= letter is 'f' or 'F';
                prints |= letter == 'p';
            }
        }

        if (isFunction || prints)
        {
            return isFunction ? PrintFunctions(words[first..], printsBody: !words[1..first].Exists(option => option.Contains('F', StringComparison.Ordinal))) :
                DeclarePrinting(words[first..], name);
        }

        // export and readonly set the variable that is there; declare and local make one of this function.
        var isLocal = name is "declare" or "typeset" or "local" && !isGlobal;
        var status = 0;
        for (var index = first; index < words.Count; index++)
        {
            var compound = words[index] is [CompoundMark, ..] ? command.Arguments.Select(argument => argument.Compound).First(found => found?.Name == words[index][1..]) : null;
            if (!DeclareOne(words[index], compound, added, removed, isLocal, isGlobal))
            {
                Complain();
                status = 1;
            }
        }

        return status;
    }

    private static VariableAttributes AttributeOf(char letter) => letter switch
    {
        'x' => VariableAttributes.Exported,
        'r' => VariableAttributes.ReadOnly,
        'i' => VariableAttributes.Integer,
        'l' => VariableAttributes.Lower,
        'u' => VariableAttributes.Upper,
        'c' => VariableAttributes.Capitalized,
        'n' => VariableAttributes.Reference,
        'a' => VariableAttributes.Indexed,
        'A' => VariableAttributes.Associative,
        _ => VariableAttributes.None,
    };

    private bool DeclareOne(string word, Assignment? compound, VariableAttributes added, VariableAttributes removed, bool isLocal, bool isGlobal)
    {
        var equals = compound is null ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        var isAppend = compound?.IsAppend ?? (equals > 0 && word[equals - 1] == '+');
        var target = compound?.Name ?? (equals < 0 ? word : word[..(isAppend ? equals - 1 : equals)]);
        var (name, subscript) = SplitSubscript(target) ?? (target, null!);
        if (!IsName(name))
        {
            return false;
        }

        var outer = variables.Find(name);
        var variable = isLocal ? variables.FindLocal(name) ?? variables.AddLocal(name) :
            isGlobal ? variables.AddGlobal((added & VariableAttributes.Reference) == 0 && IsName(Resolve(name)) ? Resolve(name) : name) : variables.FindOrAdd(Resolve(name));
        if (isLocal && outer is not null && outer.Has(VariableAttributes.ReadOnly) && outer == variables.FindGlobal(name) && variable != outer)
        {
            throw Error($"{name}: readonly variable");
        }

        // An array of one kind is not converted to the other, and keeps its attributes.
        var isConverted = (added & VariableAttributes.Associative) != 0
            ? variable.Indexed is not null || variable.Has(VariableAttributes.Indexed)
            : (added & VariableAttributes.Indexed) != 0 && (variable.Associative is not null || variable.Has(VariableAttributes.Associative));
        if (isConverted)
        {
            if (compound is not null)
            {
                throw new UnknownFlowException(new(place, "an array of the other kind is not evaluated here"));
            }

            return false;
        }

        variable.IsDeclared = true;
        variable.Attributes = (variable.Attributes | (added & ~VariableAttributes.ReadOnly)) & ~removed;
        if ((added & VariableAttributes.Associative) != 0)
        {
            variable.Scalar = null;
        }
        else if ((added & VariableAttributes.Indexed) != 0)
        {
            variable.MakeIndexed();
        }

        if (compound?.Elements is { } elements)
        {
            AssignElements(variable, name, elements, isAppend);
        }
        else if (equals >= 0)
        {
            var value = word[(equals + 1)..];

            // declare -a x='(a b)', which is a text that is read again.
            if (value.StartsWith('(') && value.EndsWith(')') && variable.Has(VariableAttributes.Indexed | VariableAttributes.Associative))
            {
                throw new UnknownValueException(new(place, "an array in quotes is not evaluated here"));
            }

            if (subscript is not null && subscript.AsSpan().IndexOfAny("$`\\'\"") >= 0)
            {
                throw new UnknownValueException(new(place, $"the subscript {Printable.Quote(subscript)} is not evaluated here"));
            }

            AssignTo(variable, name, value, subscript, isAppend);
        }

        variable.Attributes |= added & VariableAttributes.ReadOnly;
        return true;
    }

    /// <summary><c>declare -f</c> and <c>declare -F</c>.</summary>
    private int PrintFunctions(List<string> names, bool printsBody)
    {
        if (names.Count == 0)
        {
            output.Taint(new(place, "what declare prints is not evaluated here"));
        }

        var status = 0;
        foreach (var name in names)
        {
            if (unknownFunctions.TryGetValue(name, out var unknown))
            {
                throw new UnknownValueException(unknown);
            }

            if (!functions.TryGetValue(name, out var function))
            {
                status = 1;
            }
            else if (output.IsKept)
            {
                Write(printsBody ? $"{name} () \n{string.Join('\n', CommandPrinter.PrintFunction(function))}\n" : $"{name}\n");
            }
        }

        return status;
    }

    private int DeclarePrinting(List<string> names, string builtin)
    {
        output.Taint(new(place, $"what {builtin} prints is not evaluated here"));
        return builtin is "export" or "readonly" || names.TrueForAll(name => variables.Find(name) is { IsAssigned: true }) ? 0 : 1;
    }

    private int Unset(List<string> words)
    {
        var (isFunction, isVariable, isReference, status) = (false, false, false, 0);
        foreach (var word in words.Skip(1))
        {
            if (word is ['-', _, ..])
            {
                isFunction |= word.Contains('f', StringComparison.Ordinal);
                isVariable |= word.Contains('v', StringComparison.Ordinal);
                isReference |= word.Contains('n', StringComparison.Ordinal);
                continue;
            }

            if (isFunction)
            {
                functions.Remove(word);
                unknownFunctions.Remove(word);
                continue;
            }

            if (SplitSubscript(word) is var (array, subscript))
            {
                if (!UnsetMember(array, subscript))
                {
                    Complain();
                    status = 1;
                }

                continue;
            }

            var name = isReference ? word : Resolve(word);
            if (variables.Find(name) is { } variable)
            {
                if (variable.Has(VariableAttributes.ReadOnly))
                {
                    Complain();
                    return 1;
                }

                variables.Remove(name);
            }
            else if (isVariable)
            {
                status = IsName(name) ? status : 1;
            }
            else
            {
                functions.Remove(word);
                unknownFunctions.Remove(word);
            }
        }

        return status;
    }

    private bool UnsetMember(string name, string subscript)
    {
        if (Lookup(name) is not { } variable)
        {
            return true;
        }

        Known(variable);
        if (variable.Associative is { } associative)
        {
            associative.Remove(subscript);
            return true;
        }

        var isArray = variable.Indexed is not null || variable.Has(VariableAttributes.Indexed | VariableAttributes.Associative);
        if (subscript is "@" or "*")
        {
            variable.Indexed?.Clear();
            return isArray;
        }

        if (subscript.AsSpan().IndexOfAnyExcept(Subscripts) >= 0)
        {
            // What is no expression is an error that depends on the quotes and brackets in it.
            throw new UnknownValueException(new(place, $"the subscript {Printable.Quote(subscript)} is not evaluated here"));
        }

        var index = EvaluateArithmetic(subscript);
        if (!isArray)
        {
            // A scalar is its own member 0.
            if (index == 0)
            {
                variables.Remove(name);
            }

            return index == 0;
        }

        var indexed = variable.MakeIndexed();
        index += index < 0 && indexed.Count > 0 ? indexed.GetKeyAtIndex(indexed.Count - 1) + 1 : 0;
        indexed.Remove(index);
        return index >= 0;
    }

    private static readonly System.Buffers.SearchValues<char> Subscripts =
        System.Buffers.SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_+-*() #");
}
