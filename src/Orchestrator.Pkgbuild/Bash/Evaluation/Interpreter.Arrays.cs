namespace Orchestrator.Pkgbuild.Bash;

/// <content>Compound assignments.</content>
internal sealed partial class Interpreter
{
    private void AssignElements(Variable variable, string name, IReadOnlyList<ArrayElement> elements, bool isAppend)
    {
        if (variable.Has(VariableAttributes.ReadOnly))
        {
            throw Error($"{name}: readonly variable");
        }

        try
        {
            if (variable.Has(VariableAttributes.Associative))
            {
                AssignMembers(variable, elements, isAppend);
            }
            else
            {
                AssignIndexed(variable, name, elements, isAppend);
            }

            variable.IsAssigned = true;
        }
        catch (UnknownValueException exception)
        {
            variable.MakeIndexed();
            (variable.Unknown, variable.IsAssigned) = (exception.Unknown, true);
            throw;
        }
    }

    private void AssignIndexed(Variable variable, string name, IReadOnlyList<ArrayElement> elements, bool isAppend)
    {
        // All is expanded before anything is set: a=("${a[@]}" b).
        List<(string? Subscript, bool IsAppend, List<string> Values)> expanded = new(elements.Count);
        foreach (var element in elements)
        {
            // A brace expansion comes first, and makes words of it: [0]={a,b} are two.
            if (element.Subscript is { } subscript && !BraceExpansion.MakesSeveral(element.Whole))
            {
                KnowLists(element.Value);
                expanded.Add((ExpandText(subscript), element.IsAppend, [ExpandAssignmentText(element.Value)]));
            }
            else
            {
                List<string> values = [];
                ExpandWord(element.Whole, values);
                expanded.Add((null, false, values));
            }
        }

        if (isAppend)
        {
            Known(variable);
        }
        else
        {
            (variable.Scalar, variable.Indexed, variable.Unknown) = (null, null, null);
        }

        var array = variable.MakeIndexed();
        var next = array.Count > 0 ? array.GetKeyAtIndex(array.Count - 1) + 1 : 0;
        foreach (var (subscript, appends, values) in expanded)
        {
            if (subscript is not null)
            {
                next = IndexOf(array, subscript, name);
                array[next] = Shape(variable, appends && array.TryGetValue(next, out var old) ? Join(variable, old, values[0]) : values[0]);
                next++;
                continue;
            }

            foreach (var value in values)
            {
                array[next] = Shape(variable, value);
                next++;
            }
        }
    }

    /// <summary>Throws if a value has a list, and an IFS of which bash makes other things than in any other assignment.</summary>
    private void KnowLists(Word value)
    {
        if (value.Constant is null && HasList(value.Parts) && Separators != " \t\n")
        {
            throw new UnknownValueException(new(script.PlaceOf(value.Start), "what stands between the members of a list with this IFS is not evaluated here"));
        }

    }

    private static bool HasList(IEnumerable<WordPart> parts) => parts.Any(part =>
        part is WordPart.Parameter { Expansion: { All: not '\0', Operator: not ParameterOperator.Length } } || (part is WordPart.DoubleQuoted quoted && HasList(quoted.Parts)));

    private void AssignMembers(Variable variable, IReadOnlyList<ArrayElement> elements, bool isAppend)
    {
        List<(string Key, string Value, bool IsAppend)> members = [];
        if (elements.Count > 0 && elements[0].Subscript is null)
        {
            // Keys and values by turns.
            List<string> words = [];
            foreach (var element in elements)
            {
                ExpandWord(element.Whole, words);
            }

            for (var index = 0; index < words.Count; index += 2)
            {
                members.Add((words[index], index + 1 < words.Count ? words[index + 1] : "", false));
            }
        }
        else
        {
            foreach (var element in elements)
            {
                if (element.Subscript is not { } subscript)
                {
                    throw Error($"{ExpandText(element.Whole)}: must use subscript when assigning associative array");
                }

                KnowLists(element.Value);
                members.Add((ExpandText(subscript), ExpandAssignmentText(element.Value, splits: true), element.IsAppend));
            }
        }

        if (isAppend)
        {
            Known(variable);
        }

        // m=([k]+=v) appends to what was there before, although that is gone.
        var before = variable.Associative;
        if (!isAppend)
        {
            if (members.Exists(member => member.IsAppend))
            {
                Known(variable);
            }

            (variable.Associative, variable.Unknown) = (null, null);
        }

        var array = variable.MakeAssociative();
        before = isAppend ? array : before;
        foreach (var (key, value, appends) in members)
        {
            array.Set(key, Shape(variable, appends && before is not null && before.TryGet(key, out var old) ? Join(variable, old, value) : value));
        }
    }
}
