using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <content>Variables and assignments.</content>
internal sealed partial class Interpreter : IArithmeticVariables
{
    // What bash itself gives a value that no other run has.
    private static readonly HashSet<string> ChangingVariables =
    [
        "_", "RANDOM", "SRANDOM", "SECONDS", "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID", "PPID", "BASH_VERSION", "BASH_VERSINFO", "HOSTNAME",
        "HOSTTYPE", "MACHTYPE", "OSTYPE", "UID", "EUID", "GROUPS", "BASH", "BASH_COMMAND", "BASH_SUBSHELL", "BASH_ARGV", "BASH_ARGC",
        "BASH_ARGV0", "SHELLOPTS", "BASHOPTS", "SHLVL", "COLUMNS", "LINES", "DIRSTACK", "PIPESTATUS", "OPTIND",
    ];

    /// <summary>The variable that a name stands for; null if it is not set. Its value may not be known.</summary>
    private Variable? Lookup(string name)
    {
        for (var depth = 0; depth < 10; depth++)
        {
            var variable = variables.Find(name);
            if (variable is null)
            {
                return name switch
                {
                    "LINENO" => new() { Scalar = place.Line.ToString(CultureInfo.InvariantCulture), IsAssigned = true },
                    "BASH_SOURCE" => new() { Indexed = new() { [0] = script.File }, IsAssigned = true },
                    "FUNCNAME" => throw new UnknownValueException(new(place, "FUNCNAME names the functions of the shell that reads the file")),
                    "IFS" => new() { Scalar = " \t\n", IsAssigned = true },
                    _ when ChangingVariables.Contains(name) => throw new UnknownValueException(new(place, $"bash sets {name} anew in each run")),
                    _ => null,
                };
            }

            if (!variable.Has(VariableAttributes.Reference) || variable.Scalar is not { Length: > 0 } target)
            {
                return variable;
            }

            if (!IsName(target))
            {
                throw new UnknownValueException(new(place, $"{name} refers to '{Printable.OneLine(target)}'"));
            }

            name = target;
        }

        throw Error($"{name}: circular name reference");
    }

    /// <summary>The name behind a reference.</summary>
    private string Resolve(string name)
    {
        for (var depth = 0; depth < 10 && variables.Find(name) is { Scalar: { Length: > 0 } target } variable && variable.Has(VariableAttributes.Reference); depth++)
        {
            name = target;
        }

        return name;
    }

    private Variable Known(Variable variable, Place? use = null) =>
        variable.Unknown is not { } unknown ? variable :
        throw new UnknownValueException(unknown.Place == default ? unknown with { Place = use ?? place } : unknown);

    private void SetScalar(string name, string value) => Assign(name, value);

    /// <summary>Sets a variable, or a member of it.</summary>
    private void Assign(string name, string value, string? subscript = null, bool isAppend = false)
    {
        var target = Resolve(name);
        if (!IsName(target))
        {
            // A reference to a member of an array.
            if (SplitSubscript(target) is var (array, key) && subscript is null)
            {
                Assign(array, value, key, isAppend);
                return;
            }

            throw Error($"`{target}': not a valid identifier");
        }

        AssignTo(variables.FindOrAdd(target), target, value, subscript, isAppend);
    }

    private static (string Name, string Subscript)? SplitSubscript(string text)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        return bracket > 0 && text.EndsWith(']') && IsName(text[..bracket]) && EndOfSubscript(text, bracket) == text.Length - 1 ? (text[..bracket], text[(bracket + 1)..^1]) : null;
    }

    /// <summary>Where the bracket is that closes one; the text's end if none does.</summary>
    private static int EndOfSubscript(string text, int opening)
    {
        var nesting = 0;
        for (var at = opening; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\':
                    at++;
                    break;
                case '\'' or '"' when text.IndexOf(text[at], at + 1) is > 0 and var close:
                    at = close;
                    break;
                case '[':
                    nesting++;
                    break;
                case ']' when --nesting == 0:
                    return at;
                default:
                    break;
            }
        }

        return text.Length;
    }

    private void AssignTo(Variable variable, string name, string value, string? subscript, bool isAppend)
    {
        if (variable.Has(VariableAttributes.ReadOnly))
        {
            throw Error($"{name}: readonly variable");
        }

        variable.IsAssigned = true;
        if (subscript is null && !variable.IsArray && !variable.Has(VariableAttributes.Indexed | VariableAttributes.Associative))
        {
            if (isAppend)
            {
                if (variable.Unknown is not null)
                {
                    return;
                }

                value = Join(variable, variable.Scalar ?? "", value);
                budget.Take(value.Length, place);
            }

            variable.Unknown = null;
            variable.Scalar = Shape(variable, value);
            return;
        }

        if (variable.Unknown is not null)
        {
            return;
        }

        if (variable.Has(VariableAttributes.Associative))
        {
            var key = subscript ?? "0";
            if (key.Length == 0)
            {
                throw Error($"{name}[]: bad array subscript");
            }

            var array = variable.MakeAssociative();
            array.Set(key, Shape(variable, isAppend && array.TryGet(key, out var old) ? Join(variable, old, value) : value));
        }
        else
        {
            // A scalar becomes member 0, also one that is declared and has no value.
            var isScalar = !variable.IsArray && !variable.Has(VariableAttributes.Indexed) && variable.IsDeclared;
            var array = variable.MakeIndexed();
            var index = subscript is null ? 0 : isScalar && array.Count == 0 && EvaluateArithmetic(subscript) == -1 ? 0 : IndexOf(array, subscript, name);
            array[index] = Shape(variable, isAppend && array.TryGetValue(index, out var old) ? Join(variable, old, value) : value);
        }
    }

    private static string Join(Variable variable, string old, string value) =>
        variable.Has(VariableAttributes.Integer) ? $"({(old.Length > 0 ? old : "0")})+({(value.Length > 0 ? value : "0")})" : old + value;

    private long IndexOf(SortedList<long, string> array, string subscript, string name)
    {
        var index = EvaluateArithmetic(subscript);
        index += index < 0 && array.Count > 0 ? array.GetKeyAtIndex(array.Count - 1) + 1 : 0;
        return index >= 0 ? index : throw Error($"{name}[{subscript}]: bad array subscript");
    }

    /// <summary>What the attributes of a variable make of a value.</summary>
    private string Shape(Variable variable, string value)
    {
        if (variable.Has(VariableAttributes.Integer))
        {
            value = EvaluateArithmetic(value).ToString(CultureInfo.InvariantCulture);
        }

        return
            variable.Has(VariableAttributes.Lower) ? CaseFolding.Apply(value, CaseFolding.Kind.Lower, isFirstOnly: false, null) :
            variable.Has(VariableAttributes.Upper) ? CaseFolding.Apply(value, CaseFolding.Kind.Upper, isFirstOnly: false, null) :
            variable.Has(VariableAttributes.Capitalized) ? CaseFolding.Apply(CaseFolding.Apply(value, CaseFolding.Kind.Lower, isFirstOnly: false, null), CaseFolding.Kind.Upper, isFirstOnly: true, null) :
            value;
    }

    /// <summary>Performs an assignment of the script. A value that is not known makes the variable one that is not.</summary>
    /// <returns>Why the value is not known; null if it is.</returns>
    private UnknownValue? Perform(Assignment assignment)
    {
        try
        {
            if (assignment.Elements is { } elements)
            {
                var name = Resolve(assignment.Name);
                var variable = variables.FindOrAdd(name);
                if (assignment.Subscript is not null)
                {
                    throw Error($"{assignment.Name}: cannot assign list to array member");
                }

                AssignElements(variable, name, elements, assignment.IsAppend);
            }
            else
            {
                Assign(
                    assignment.Name,
                    ExpandAssignmentText(assignment.Value!),
                    assignment.Subscript is { } subscript ? ExpandSubscript(assignment.Name, subscript) : null,
                    assignment.IsAppend);
            }

            return null;
        }
        catch (UnknownValueException exception)
        {
            // What else its value would set is not known either.
            MarkUnknown(assignment.Name, exception.Unknown);
            Taint(assignment.Value, exception.Unknown);
            foreach (var element in assignment.Elements ?? [])
            {
                Taint(element.Whole, exception.Unknown);
            }

            return exception.Unknown;
        }
    }

    /// <summary>Performs an assignment that stands before a command.</summary>
    private void PerformLocally(Assignment assignment)
    {
        if (assignment.Elements is not null)
        {
            return; // bash refuses to export an array.
        }

        var value = ExpandAssignmentText(assignment.Value!);
        if (assignment.IsAppend && Lookup(assignment.Name) is { } outer)
        {
            value = Known(outer).First + value;
        }

        var variable = variables.AddLocal(assignment.Name);
        variable.Attributes = VariableAttributes.Exported;
        AssignTo(variable, assignment.Name, value, null, isAppend: false);
    }

    /// <summary>Makes a variable one whose value is not known.</summary>
    internal void MarkUnknown(string name, UnknownValue unknown)
    {
        var variable = variables.FindOrAdd(Resolve(name));
        (variable.Unknown, variable.IsAssigned) = (unknown, true);
    }

    private string ExpandSubscript(string name, Word subscript) => ExpandText(subscript);

    private long EvaluateArithmetic(string expression)
    {
        try
        {
            return Arithmetic.Evaluate(expression, this);
        }
        catch (ArithmeticException exception)
        {
            throw Error(exception.Message);
        }
    }

    string IArithmeticVariables.Get(string name, string? subscript)
    {
        if (name == "_")
        {
            // It may be an error, which ends the shell.
            throw new UnknownFlowException(new(place, "bash sets _ anew with each command"));
        }

        if (Lookup(name) is not { } variable)
        {
            return options.RefusesUnset ? throw Error($"{name}: unbound variable") : "";
        }

        Known(variable);
        return (subscript is null ? variable.First : MemberOf(variable, subscript, name)) ?? "";
    }

    void IArithmeticVariables.Set(string name, string? subscript, string value)
    {
        arithmeticAssignments++;
        Assign(name, value, subscript);
    }

    private int arithmeticAssignments;

    /// <summary>Throws if an expression that is wrong has assigned something: bash reads one word ahead, and may not have.</summary>
    private void KnowAssignments(int before)
    {
        if (arithmeticAssignments != before)
        {
            throw new UnknownFlowException(new(place, "an expression that assigns, and is wrong, is not evaluated here"));
        }
    }

    /// <summary>A member of an array; null if there is none.</summary>
    private string? MemberOf(Variable variable, string subscript, string name)
    {
        if (variable.Has(VariableAttributes.Associative))
        {
            return variable.Associative is { } associative && associative.TryGet(subscript, out var value) ? value : null;
        }

        if (variable.Indexed is { } indexed)
        {
            var index = EvaluateArithmetic(subscript);
            index += index < 0 && indexed.Count > 0 ? indexed.GetKeyAtIndex(indexed.Count - 1) + 1 : 0;
            return index < 0 ? throw Error($"{name}: bad array subscript") : indexed.GetValueOrDefault(index);
        }

        return EvaluateArithmetic(subscript) is 0 or -1 ? variable.Scalar : null;
    }
}
