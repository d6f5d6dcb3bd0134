using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>Where a script's top level first assigns a variable or defines a function, for messages to point at.</summary>
internal sealed class ScriptOutline
{
    private readonly ScriptText source;
    private readonly Dictionary<string, int> lines = [];

    private ScriptOutline(ScriptText source) => this.source = source;

    /// <summary>Lines, from 1, by name of the variable or function.</summary>
    internal IReadOnlyDictionary<string, int> Lines => lines;

    internal static ScriptOutline Find(ScriptText source, ShellCommand script)
    {
        ScriptOutline outline = new(source);
        outline.Visit(script);
        return outline;
    }

    /// <summary>Finds it in a file; in one that is not understood, nothing.</summary>
    internal static ScriptOutline TryFind(PkgbuildFile file)
    {
        ScriptText source = new(file.Text, file.Path);
        try
        {
            return Find(source, ScriptParser.Parse(source));
        }
        catch (BashSyntaxException)
        {
            return new(source);
        }
    }

    private void Record(string name, int start) => lines.TryAdd(name, source.PlaceOf(start).Line);

    private void Visit(ShellCommand command)
    {
        switch (command)
        {
            case ShellCommand.Simple simple:
                Visit(simple);
                break;
            case ShellCommand.Sequence sequence:
                foreach (var (item, _) in sequence.Items)
                {
                    Visit(item);
                }

                break;
            case ShellCommand.AndOr andOr:
                Visit(andOr.Left);
                Visit(andOr.Right);
                break;
            case ShellCommand.Pipeline { Commands: [var only] }:
                Visit(only);
                break;
            case ShellCommand.Group group:
                Visit(group.Body);
                break;
            case ShellCommand.If conditional:
                Visit(conditional.Condition);
                Visit(conditional.Then);
                if (conditional.Else is { } otherwise)
                {
                    Visit(otherwise);
                }

                break;
            case ShellCommand.While loop:
                Visit(loop.Condition);
                Visit(loop.Body);
                break;
            case ShellCommand.For loop:
                Visit(loop.Body);
                break;
            case ShellCommand.ArithmeticFor loop:
                Visit(loop.Body);
                break;
            case ShellCommand.Case choice:
                foreach (var body in choice.Clauses.Select(clause => clause.Body).OfType<ShellCommand>())
                {
                    Visit(body);
                }

                break;
            case ShellCommand.Function function:
                Record(function.Name, function.Start);
                break;
            default:
                break;
        }
    }

    private void Visit(ShellCommand.Simple simple)
    {
        if (simple.Arguments.Count == 0)
        {
            foreach (var assignment in simple.Assignments)
            {
                Record(assignment.Name, assignment.Start);
            }

            return;
        }

        if (simple.Arguments[0].Word.Bare is not ("declare" or "typeset" or "local" or "export" or "readonly"))
        {
            return;
        }

        foreach (var (word, compound) in simple.Arguments.Skip(1))
        {
            if (compound is not null)
            {
                Record(compound.Name, compound.Start);
            }
            else if (word.Parts is [WordPart.Literal { Text: var text }, ..] && text.AsSpan().IndexOfAny("=+[") is > 0 and var end)
            {
                Record(text[..end], word.Start);
            }
        }
    }
}
