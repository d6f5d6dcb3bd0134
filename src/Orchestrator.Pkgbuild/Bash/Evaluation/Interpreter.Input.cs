namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>read</c> and <c>mapfile</c>.</content>
internal sealed partial class Interpreter
{
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
        var wrong = names.FindIndex(name => !IsName(name) && SplitSubscript(name) is null);
        if (wrong > 0)
        {
            throw new UnknownFlowException(new(place, $"read into {Printable.Quote(names[wrong])} is not evaluated here"));
        }

        if (wrong == 0)
        {
            Complain();
            return 1;
        }

        (string Text, bool IsWhole)? line;
        line = input.Read(delimiter);
        var text = line?.Text ?? "";
        while (!isRaw && line is { IsWhole: true } && text.EndsWith('\\') && input.Read(delimiter) is { } next)
        {
            text = text[..^1] + next.Text;
            line = next;
        }

        if (Enumerable.Range(0, text.Length).Any(index => ByteText.IsByte(text, index)))
        {
            throw new UnknownValueException(new(place, "read of bytes that are no characters is not evaluated here"));
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
                variable.Indexed.Add(variable.Indexed.Count, Shape(variable, field.Text));
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
                case ['-', _, ..] option when option.AsSpan(1).TrimStart('t') is [] or ['d', ..]:
                    strips |= option[1] == 't';
                    if (option.AsSpan(1).TrimStart('t') is ['d', .. var rest])
                    {
                        delimiter = (rest.Length > 0 ? rest.ToString() : words.ElementAtOrDefault(++index) ?? "").FirstOrDefault();
                    }

                    break;
                case ['-', ..]:
                    throw new UnknownFlowException(new(place, $"{words[0]} {words[index]} is not evaluated here"));
                default:
                    name = words[index];
                    break;
            }
        }

        var variable = variables.FindOrAdd(Resolve(name));
        SortedList<long, string> lines = [];
        while (input.Read(delimiter) is { } line)
        {
            lines.Add(lines.Count, Shape(variable, strips || !line.IsWhole ? line.Text : line.Text + delimiter));
        }

        (variable.Scalar, variable.Indexed, variable.Unknown, variable.IsAssigned) = (null, lines, null, true);
        variable.Attributes |= VariableAttributes.Indexed;
        return 0;
    }
}
