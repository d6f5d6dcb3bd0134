using Orchestrator.Pkgbuild.Bash;

namespace Orchestrator.Pkgbuild;

/// <summary>Where a script assigns variables and defines functions, for messages to point at.</summary>
internal sealed class ScriptOutline
{
    private const string TopLevel = "";

    private readonly ScriptText source;
    private readonly Dictionary<string, int> lines = [];
    private readonly Dictionary<string, int> functions = [];
    private readonly Dictionary<(string Function, string Name), List<(int Start, List<AssignedValue> Values)>> assignments = [];
    private string function = TopLevel;

    private ScriptOutline(ScriptText source) => this.source = source;

    private bool IsTopLevel => function.Length == 0;

    /// <summary>Lines, from 1, of what the top level sets first, by name of the variable or function.</summary>
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

    /// <summary>The place of a function; null if it is not known.</summary>
    internal PkgbuildPlace? PlaceOfFunction(string name) => functions.TryGetValue(name, out var start) ? PlaceAt(start) : null;

    /// <summary>The place where a variable is assigned; null if it is not known.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="inFunction">The function that assigns it; null for the top level.</param>
    /// <param name="value">The string, or the member of the array, that is meant; null for the first assignment.</param>
    internal PkgbuildPlace? PlaceOfVariable(string name, string? inFunction, string? value)
    {
        if (!assignments.TryGetValue((inFunction ?? TopLevel, name), out var all))
        {
            return null;
        }

        // What is assigned last holds. A value that is not written as it is comes from one that has something to expand.
        List<AssignedValue> values = value is null ? [] : [.. all.SelectMany(assignment => assignment.Values)];
        return PlaceAt(
            values.FindLastIndex(assigned => assigned.Text == value) is >= 0 and var index ? values[index].Start :
            values.FindAll(assigned => assigned.Text is null) is [var only] ? only.Start :
            all[0].Start);
    }

    /// <summary>Where a function assigns a variable, in the order of the text.</summary>
    internal IEnumerable<int> AssignmentsOf(string name, string inFunction) =>
        assignments.TryGetValue((inFunction, name), out var all) ? all.Select(assignment => assignment.Start) : [];

    /// <summary>How often the top level assigns a variable.</summary>
    internal int CountOf(string name) => assignments.TryGetValue((TopLevel, name), out var all) ? all.Count : 0;

    private PkgbuildPlace PlaceAt(int start)
    {
        var place = source.PlaceOf(start);
        return new(place.Line, place.Column);
    }

    private void Record(string name, int start, IEnumerable<AssignedValue> values)
    {
        if (IsTopLevel)
        {
            lines.TryAdd(name, source.PlaceOf(start).Line);
        }

        if (!assignments.TryGetValue((function, name), out var all))
        {
            assignments[(function, name)] = all = [];
        }

        all.Add((start, [.. values]));
    }

    private void Record(Assignment assignment) => Record(
        assignment.Name,
        assignment.Start,
        assignment.Elements is { } elements
            ? elements.Select(element => new AssignedValue(element.Whole.Start, ConstantOf(element.Value)))
            : [new(assignment.Start, assignment.Value is null ? "" : assignment.IsAppend ? null : assignment.Value.Constant)]);

    // A member is also subject to the expansion of braces and of file names.
    private static string? ConstantOf(Word word) =>
        word.Parts.Any(part => part is WordPart.Literal literal && literal.Text.AsSpan().ContainsAny("{*?[~")) ? null : word.Constant;

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
            case ShellCommand.Subshell subshell when !IsTopLevel:
                // Nothing of it outlives it, but makepkg looks at every line of a function.
                Visit(subshell.Body);
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
            case ShellCommand.Function definition when IsTopLevel:
                Visit(definition);
                break;
            default:
                break;
        }
    }

    private void Visit(ShellCommand.Function definition)
    {
        lines.TryAdd(definition.Name, source.PlaceOf(definition.Start).Line);
        functions.TryAdd(definition.Name, definition.Start);
        function = definition.Name;
        Visit(definition.Body);
        function = TopLevel;
    }

    private void Visit(ShellCommand.Simple simple)
    {
        if (simple.Arguments.Count == 0)
        {
            foreach (var assignment in simple.Assignments)
            {
                Record(assignment);
            }

            return;
        }

        // In a function, makepkg takes no notice of those.
        if (!IsTopLevel || simple.Arguments[0].Word.Bare is not ("declare" or "typeset" or "local" or "export" or "readonly"))
        {
            return;
        }

        foreach (var (word, compound) in simple.Arguments.Skip(1))
        {
            if (compound is not null)
            {
                Record(compound);
            }
            else if (word.Parts is [WordPart.Literal { Text: var text }, ..] && text.AsSpan().IndexOfAny("=+[") is > 0 and var end)
            {
                Record(text[..end], word.Start, [new(word.Start, null)]);
            }
        }
    }
}
