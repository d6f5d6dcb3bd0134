using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>
/// Prints commands as <c>declare -f</c> does. makepkg looks for assignments in the lines of that, and not in the file; so
/// what stands on a line of its own here decides what a <c>package_NAME()</c> overrides.
/// </summary>
internal sealed class CommandPrinter
{
    private const int IndentationStep = 4;

    private readonly RawText raw;
    private readonly StringBuilder result = new();
    private readonly List<Redirection> hereDocuments = [];
    private bool isInFunction;
    private bool wasHereDocument;
    private int indentation;
    private int skippedIndentations;

    private CommandPrinter(RawText raw) => this.raw = raw;

    /// <summary>The lines of a function.</summary>
    internal static string[] PrintFunction(ShellCommand.Function function)
    {
        CommandPrinter printer = new(function.Source);
        printer.PrintBody(function);
        return printer.result.ToString().Split('\n');
    }

    /// <summary>Commands as they stand in <c>$(…)</c>.</summary>
    internal static string PrintLine(ShellCommand command, RawText raw)
    {
        CommandPrinter printer = new(raw);
        printer.Print(command);
        printer.PrintHereDocuments("");
        return printer.result.ToString();
    }

    private void Print(ShellCommand command)
    {
        if (skippedIndentations > 0)
        {
            skippedIndentations--;
        }
        else
        {
            Indent();
        }

        PrintUnindented(command);
        PrintRedirections(command.Redirections);
    }

    private void PrintUnindented(ShellCommand command)
    {
        switch (command)
        {
            case ShellCommand.Simple simple:
                PrintSimple(simple);
                break;
            case ShellCommand.Sequence sequence:
                PrintSequence(sequence);
                break;
            case ShellCommand.AndOr andOr:
                PrintInline(andOr.Left);
                result.Append(andOr.IsAnd ? " && " : " || ");
                PrintInline(andOr.Right);
                break;
            case ShellCommand.Pipeline pipeline:
                PrintPipeline(pipeline);
                break;
            case ShellCommand.Group group:
                PrintGroup(group);
                break;
            case ShellCommand.Subshell subshell:
                result.Append("( ");
                PrintInline(subshell.Body);
                PrintHereDocuments("");
                result.Append(" )");
                break;
            case ShellCommand.If conditional:
                PrintIf(conditional);
                break;
            case ShellCommand.While loop:
                result.Append(loop.IsUntil ? "until " : "while ");
                PrintInline(loop.Condition);
                PrintHereDocuments("");
                PrintSemicolon();
                result.Append(" do\n");
                PrintIndented(loop.Body);
                PrintSemicolon();
                PrintNewline("done");
                break;
            case ShellCommand.For loop:
                var words = loop.Words is null ? "\"$@\"" : string.Join(' ', loop.Words.Select(Raw));
                PrintLoop($"{(loop.IsSelect ? "select" : "for")} {loop.Name} in {words};", loop.Body);
                break;
            case ShellCommand.ArithmeticFor loop:
                PrintLoop($"for (({Part(loop.Initialization)}; {Part(loop.Condition)}; {Part(loop.Step)}))", loop.Body);
                break;
            case ShellCommand.Case choice:
                PrintCase(choice);
                break;
            case ShellCommand.Arithmetic arithmetic:
                result.Append("((").Append(Raw(arithmetic.Expression)).Append("))");
                break;
            case ShellCommand.Conditional conditional:
                result.Append("[[ ");
                Print(conditional.Expression);
                result.Append(" ]]");
                break;
            case ShellCommand.Function function:
                result.Append("function ").Append(function.Name).Append(" () \n");
                PrintBody(function);
                break;
            case ShellCommand.Coprocess coprocess:
                result.Append("coproc COPROC ");
                PrintInline(coprocess.Body);
                break;
            default:
                throw new NotSupportedException(command.GetType().Name);
        }
    }

    private void PrintBody(ShellCommand.Function function)
    {
        var wasInFunction = isInFunction;
        isInFunction = true;
        Indent();
        result.Append("{ \n");
        PrintIndented(function.Body is ShellCommand.Group { Body: var body } ? body : function.Body);
        PrintNewline("}");
        if (function.Body is ShellCommand.Group group)
        {
            PrintRedirections(group.Redirections);
        }

        isInFunction = wasInFunction;
    }

    private void PrintSimple(ShellCommand.Simple simple) => result.AppendJoin(
        ' ',
        simple.Assignments.Select(Raw).Concat(simple.Arguments.Select(argument => argument.Compound is { } compound ? Raw(compound) : Raw(argument.Word))));

    private void PrintSequence(ShellCommand.Sequence sequence)
    {
        skippedIndentations++;
        for (var index = 0; index < sequence.Items.Count; index++)
        {
            var (command, isBackground) = sequence.Items[index];
            Print(command);
            if (isBackground)
            {
                result.Append(" &");
            }

            if (index == sequence.Items.Count - 1)
            {
                break;
            }

            if (isBackground)
            {
                result.Append(' ');
                skippedIndentations++;
                continue;
            }

            if (hereDocuments.Count > 0)
            {
                PrintHereDocuments(isInFunction ? "" : ";");
            }
            else if (!wasHereDocument)
            {
                result.Append(';');
            }

            wasHereDocument = false;
            result.Append(isInFunction ? '\n' : ' ');
            skippedIndentations += isInFunction ? 0 : 1;
        }

        PrintHereDocuments("");
    }

    private void PrintPipeline(ShellCommand.Pipeline pipeline)
    {
        result.Append(pipeline.IsTimed ? "time " : "").Append(pipeline.IsNegated ? "! " : "");
        for (var index = 0; index < pipeline.Commands.Count; index++)
        {
            result.Append(index > 0 ? " | " : "");
            PrintInline(pipeline.Commands[index]);
        }
    }

    private void PrintGroup(ShellCommand.Group group)
    {
        result.Append("{ ");
        if (isInFunction)
        {
            result.Append('\n');
            PrintIndented(group.Body);
            PrintNewline("}");
            return;
        }

        PrintInline(group.Body);
        PrintHereDocuments("");
        PrintSemicolon();
        result.Append(" }");
    }

    private void PrintIf(ShellCommand.If conditional)
    {
        result.Append("if ");
        PrintInline(conditional.Condition);
        PrintSemicolon();
        result.Append(" then\n");
        PrintIndented(conditional.Then);
        if (conditional.Else is { } otherwise)
        {
            PrintSemicolon();
            PrintNewline("else\n");
            PrintIndented(otherwise);
        }

        PrintSemicolon();
        PrintNewline("fi");
    }

    // Blanks before it are left out, and nothing is 1.
    private string Part(Word expression) => Raw(expression).TrimStart(' ', '\t') is { Length: > 0 } text ? text : "1";

    private void PrintLoop(string head, ShellCommand body)
    {
        result.Append(head);
        PrintNewline("do\n");
        PrintIndented(body);
        PrintSemicolon();
        PrintNewline("done");
    }

    private void PrintCase(ShellCommand.Case choice)
    {
        result.Append("case ").Append(Raw(choice.Subject)).Append(" in ");
        indentation += IndentationStep;
        foreach (var clause in choice.Clauses)
        {
            PrintNewline(string.Join(" | ", clause.Patterns.Select(Raw)));
            result.Append(")\n");
            if (clause.Body is { } body)
            {
                PrintIndented(body);
            }

            PrintNewline(clause.Terminator);
        }

        indentation -= IndentationStep;
        PrintNewline("esac");
    }

    private void Print(ConditionalExpression expression)
    {
        switch (expression)
        {
            case ConditionalExpression.Not not:
                result.Append("! ");
                Print(not.Operand);
                break;
            case ConditionalExpression.And and:
                Print(and.Left);
                result.Append(" && ");
                Print(and.Right);
                break;
            case ConditionalExpression.Or or:
                Print(or.Left);
                result.Append(" || ");
                Print(or.Right);
                break;
            case ConditionalExpression.Grouped grouped:
                result.Append("( ");
                Print(grouped.Operand);
                result.Append(" )");
                break;
            case ConditionalExpression.Unary unary:
                result.Append(unary.Operator).Append(' ').Append(Raw(unary.Operand));
                break;
            case ConditionalExpression.Binary binary:
                result.Append(Raw(binary.Left)).Append(' ').Append(binary.Operator).Append(' ').Append(Raw(binary.Right));
                break;
            default:
                throw new NotSupportedException(expression.GetType().Name);
        }
    }

    private void PrintInline(ShellCommand command)
    {
        skippedIndentations++;
        Print(command);
    }

    private void PrintIndented(ShellCommand command)
    {
        indentation += IndentationStep;
        Print(command);
        PrintHereDocuments("");
        indentation -= IndentationStep;
    }

    private void PrintRedirections(IReadOnlyList<Redirection> redirections)
    {
        foreach (var redirection in redirections)
        {
            var space = redirection.Operator is "<" or ">" or ">>" or ">|" or "<>" or "<<<" or "&>" or "&>>" ? " " : "";
            result.Append(' ').Append(redirection.Prefix).Append(redirection.Operator).Append(space).Append(Raw(redirection.Target));
            if (redirection.Operator is "<<" or "<<-")
            {
                hereDocuments.Add(redirection);
            }
        }
    }

    private void PrintHereDocuments(string after)
    {
        if (hereDocuments.Count == 0)
        {
            return;
        }

        foreach (var document in hereDocuments)
        {
            var (lines, delimiter) = document.Document;
            result.Append('\n').Append(lines).Append(delimiter);
        }

        hereDocuments.Clear();
        result.Append('\n').Append(after);
        wasHereDocument = true;
    }

    private void PrintSemicolon()
    {
        if (result.Length > 0 && result[^1] is not ('&' or '\n'))
        {
            result.Append(';');
        }
    }

    private void PrintNewline(string text)
    {
        result.Append('\n');
        Indent();
        result.Append(text);
    }

    private void Indent() => result.Append(' ', indentation);

    private string Raw(Word word) =>
        word is { Start: 0, End: 0, Parts: [WordPart.Literal literal] } ? literal.Text : raw.Slice(word.Start, word.End);

    private string Raw(Assignment assignment) => assignment.Elements is not { } elements
        ? raw.Slice(assignment.Start, assignment.End)
        : $"{assignment.Name}{(assignment.Subscript is { } subscript ? $"[{Raw(subscript)}]" : "")}{(assignment.IsAppend ? "+=(" : "=(")}{string.Join(' ', elements.Select(element => Raw(element.Whole)))})";
}
