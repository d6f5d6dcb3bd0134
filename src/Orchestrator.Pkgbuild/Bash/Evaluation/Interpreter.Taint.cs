namespace Orchestrator.Pkgbuild.Bash;

/// <content>What commands would do of which it is not known whether they run.</content>
internal sealed partial class Interpreter
{
    private readonly HashSet<ShellCommand> tainted = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Makes every variable one that is not known that a command may set; gives up where it may do anything else to the shell.
    /// </summary>
    private void Taint(ShellCommand command, UnknownValue unknown)
    {
        foreach (var redirection in command.Redirections)
        {
            Taint(redirection.Target, unknown);
            Taint(redirection.Body, unknown);
        }

        switch (command)
        {
            case ShellCommand.Simple simple:
                TaintSimple(simple, unknown);
                break;
            case ShellCommand.Sequence sequence:
                foreach (var (item, _) in sequence.Items)
                {
                    Taint(item, unknown);
                }

                break;
            case ShellCommand.AndOr andOr:
                Taint(andOr.Left, unknown);
                Taint(andOr.Right, unknown);
                break;
            case ShellCommand.Pipeline { Commands.Count: 1 } pipeline:
                Taint(pipeline.Commands[0], unknown);
                break;
            case ShellCommand.Pipeline or ShellCommand.Subshell or ShellCommand.Coprocess:
                // A shell of its own, but files are everybody's.
                filesReason ??= unknown;
                break;
            case ShellCommand.Group group:
                Taint(group.Body, unknown);
                break;
            case ShellCommand.If conditional:
                Taint(conditional.Condition, unknown);
                Taint(conditional.Then, unknown);
                if (conditional.Else is { } otherwise)
                {
                    Taint(otherwise, unknown);
                }

                break;
            case ShellCommand.While loop:
                Taint(loop.Condition, unknown);
                Taint(loop.Body, unknown);
                break;
            case ShellCommand.For loop:
                foreach (var word in loop.Words ?? [])
                {
                    Taint(word, unknown);
                }

                MarkUnknown(loop.Name, unknown);
                Taint(loop.Body, unknown);
                break;
            case ShellCommand.ArithmeticFor loop:
                TaintExpression(loop.Initialization, unknown);
                TaintExpression(loop.Condition, unknown);
                TaintExpression(loop.Step, unknown);
                Taint(loop.Body, unknown);
                break;
            case ShellCommand.Case choice:
                Taint(choice.Subject, unknown);
                foreach (var clause in choice.Clauses)
                {
                    if (clause.Body is { } body)
                    {
                        Taint(body, unknown);
                    }
                }

                break;
            case ShellCommand.Arithmetic arithmetic:
                TaintExpression(arithmetic.Expression, unknown);
                break;
            case ShellCommand.Conditional conditional:
                Taint(conditional.Expression, unknown);
                break;
            case ShellCommand.Function function:
                unknownFunctions[function.Name] = unknown;
                break;
            default:
                throw new UnknownFlowException(unknown);
        }
    }

    private void TaintSimple(ShellCommand.Simple simple, UnknownValue unknown)
    {
        foreach (var assignment in simple.Assignments)
        {
            Taint(assignment.Value, unknown);
            if (simple.Arguments.Count == 0)
            {
                MarkUnknown(assignment.Name, unknown);
            }
        }

        if (simple.Arguments.Count == 0)
        {
            return;
        }

        foreach (var (word, _) in simple.Arguments)
        {
            Taint(word, unknown);
        }

        // A name that is not known may be that of anything.
        var name = simple.Arguments[0].Word.Constant ?? throw new UnknownFlowException(unknown);
        if (unknownFunctions.ContainsKey(name))
        {
            throw new UnknownFlowException(unknown);
        }

        if (functions.TryGetValue(name, out var function))
        {
            if (tainted.Add(function))
            {
                Taint(function.Body, unknown);
                tainted.Remove(function);
            }

            return;
        }

        switch (name)
        {
            case "echo" or ":" or "true" or "false" or "test" or "[" or "pwd" or "type" or "hash" or "wait" or "umask" or "ulimit" or "kill" or "jobs":
                break;
            case "printf":
                if (simple.Arguments.Count > 1 && simple.Arguments[1].Word.Constant is null or ['-', 'v', ..])
                {
                    TaintName(simple.Arguments[1].Word.Constant is ['-', 'v', .. { Length: > 0 } attached] ? attached : simple.Arguments.ElementAtOrDefault(2).Word?.Constant, unknown);
                }

                break;
            case "declare" or "typeset" or "local" or "export" or "readonly" or "read" or "mapfile" or "readarray" or "unset":
                // Attributes that a variable may have, or not, shape all that it is given later.
                if (!isCertain && name is ("declare" or "typeset") && simple.Arguments.Any(argument => argument.Word.Constant is ['-' or '+', .. var letters] && letters.Any(letter => (AttributeOf(letter) & ~(VariableAttributes.Exported | VariableAttributes.Indexed)) != 0)))
                {
                    throw new UnknownFlowException(unknown);
                }

                foreach (var (word, compound) in simple.Arguments.Skip(1))
                {
                    TaintArgument(compound?.Name, word, unknown);
                }

                break;
            case "command" when simple.Arguments.ElementAtOrDefault(1).Word?.Constant is "-v" or "-V":
                break;
            case "set" or "shopt" or "shift" or "eval" or "source" or "." or "return" or "exit" or "break" or "continue" or "cd" or "let" or
                "command" or "builtin" or "trap" or "exec" or "getopts" or "pushd" or "popd" or "enable":
                throw new UnknownFlowException(unknown);
            default:
                filesReason ??= new(script.PlaceOf(simple.Start), $"'{Printable.OneLine(name)}' is a program");
                break;
        }
    }

    /// <summary>What is declared is local, and has its attributes, also where its value is not known.</summary>
    private void MarkDeclared(ShellCommand.Simple simple, UnknownValue unknown)
    {
        if (simple.Arguments[0].Word.Constant is not ("declare" or "typeset" or "local"))
        {
            return;
        }

        var options = string.Concat(simple.Arguments.Select(argument => argument.Word.Constant is ['-', .. var letters] ? letters : ""));
        foreach (var (word, compound) in simple.Arguments.Skip(1))
        {
            var text = compound?.Name ?? (word.Parts is [WordPart.Literal { Text: var literal }, ..] ? literal : "");
            var end = text.AsSpan().IndexOfAny("=+[");
            var name = end < 0 ? text : text[..end];
            if (IsName(name))
            {
                var variable = options.Contains('g', StringComparison.Ordinal) ? variables.AddGlobal(name) : variables.FindLocal(name) ?? variables.AddLocal(name);
                (variable.Unknown, variable.IsAssigned) = (unknown, true);
                foreach (var letter in options)
                {
                    variable.Attributes |= AttributeOf(letter) & ~VariableAttributes.ReadOnly;
                }
            }
        }
    }

    private void TaintArgument(string? compound, Word word, UnknownValue unknown)
    {
        if (compound is not null)
        {
            MarkUnknown(compound, unknown);
            return;
        }

        var text = word.Parts is [WordPart.Literal { Text: var literal }, ..] ? literal : throw new UnknownFlowException(unknown);
        if (text is ['-' or '+', ..] && word.Constant is not null)
        {
            return;
        }

        var end = text.AsSpan().IndexOfAny("=+[");
        TaintName(end < 0 && word.Constant is null ? null : end < 0 ? text : text[..end], unknown);
    }

    private void TaintName(string? name, UnknownValue unknown)
    {
        if (name is null || name.Length == 0)
        {
            throw new UnknownFlowException(unknown);
        }

        // Of a member, it is the array.
        var end = name.IndexOf('[', StringComparison.Ordinal);
        if (IsName(end < 0 ? name : name[..end]))
        {
            MarkUnknown(end < 0 ? name : name[..end], unknown);
        }
    }

    private void Taint(ConditionalExpression expression, UnknownValue unknown)
    {
        switch (expression)
        {
            case ConditionalExpression.Not not:
                Taint(not.Operand, unknown);
                break;
            case ConditionalExpression.And and:
                Taint(and.Left, unknown);
                Taint(and.Right, unknown);
                break;
            case ConditionalExpression.Or or:
                Taint(or.Left, unknown);
                Taint(or.Right, unknown);
                break;
            case ConditionalExpression.Grouped grouped:
                Taint(grouped.Operand, unknown);
                break;
            case ConditionalExpression.Unary unary:
                Taint(unary.Operand, unknown);
                break;
            case ConditionalExpression.Binary binary:
                Taint(binary.Left, unknown);
                Taint(binary.Right, unknown);
                if (binary.Operator == "=~")
                {
                    MarkUnknown("BASH_REMATCH", unknown);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The variables that expanding a word may set: <c>${x:=y}</c>, <c>$((x++))</c>.</summary>
    private void Taint(Word? word, UnknownValue unknown)
    {
        foreach (var part in word?.Parts ?? [])
        {
            switch (part)
            {
                case WordPart.DoubleQuoted quoted:
                    Taint(new Word(quoted.Parts, 0, 0), unknown);
                    break;
                case WordPart.Arithmetic arithmetic:
                    TaintExpression(arithmetic.Expression, unknown);
                    break;
                case WordPart.Parameter { Expansion: var expansion }:
                    TaintParameter(expansion, unknown);
                    Taint(expansion.Operand, unknown);
                    Taint(expansion.SecondOperand, unknown);
                    break;
                case WordPart.CommandSubstitution or WordPart.ProcessSubstitution:
                    filesReason ??= unknown;
                    break;
                default:
                    break;
            }
        }
    }

    private void TaintParameter(ParameterExpansion expansion, UnknownValue unknown)
    {
        var hasValue = IsName(expansion.Name) && variables.Find(expansion.Name) is { Unknown: null, Scalar.Length: > 0 };
        if (expansion.Operator == ParameterOperator.AssignDefault && !hasValue)
        {
            MarkUnknown(expansion.Name, unknown);
        }

        // It may be an error, which ends the shell.
        if ((expansion.Operator == ParameterOperator.Required && !hasValue) || (expansion.IsIndirect && !(hasValue && IsName(variables.Find(expansion.Name)!.Scalar!))))
        {
            throw new UnknownFlowException(unknown);
        }
    }

    private void TaintExpression(Word expression, UnknownValue unknown)
    {
        Taint(expression, unknown);
        foreach (var part in expression.Parts)
        {
            if (part is not WordPart.Literal { Text: var text } || !(text.Contains('=', StringComparison.Ordinal) || text.Contains("++", StringComparison.Ordinal) || text.Contains("--", StringComparison.Ordinal)))
            {
                continue;
            }

            for (var index = 0; index < text.Length; index++)
            {
                var start = index;
                while (index < text.Length && (char.IsAsciiLetterOrDigit(text[index]) || text[index] == '_'))
                {
                    index++;
                }

                if (index > start && IsName(text[start..index]))
                {
                    MarkUnknown(text[start..index], unknown);
                }
            }
        }
    }
}
