using System.Globalization;

namespace Orchestrator.Pkgbuild.Bash;

/// <content><c>${…}</c>.</content>
internal sealed partial class Interpreter
{
    private ParameterValue Expand(ParameterExpansion expansion, bool isQuoted)
    {
        if (expansion.Operator == ParameterOperator.Invalid)
        {
            throw Error("${…}: bad substitution", script.PlaceOf(expansion.Start));
        }

        if (expansion.Operator == ParameterOperator.Names)
        {
            return new(null, [.. variables.Names.Where(name => name.StartsWith(expansion.Name, StringComparison.Ordinal))], expansion.All);
        }

        if (expansion.Operator == ParameterOperator.Keys)
        {
            return new(null, Lookup(expansion.Name) is { } array ? [.. Known(array).Keys] : [], expansion.All);
        }

        var followed = expansion.IsIndirect ? FollowIndirection(expansion) : expansion;
        expansion = followed ?? expansion;

        if (expansion.Operator == ParameterOperator.Length)
        {
            return new(LengthOf(expansion).ToString(CultureInfo.InvariantCulture));
        }

        var value = followed is null ? new(null) : ValueOf(expansion);
        if (expansion.Operator is ParameterOperator.Default or ParameterOperator.AssignDefault or ParameterOperator.Required or ParameterOperator.Alternative)
        {
            return ExpandDefault(expansion, value, isQuoted);
        }

        if (!value.IsSet && options.RefusesUnset && expansion.All == '\0')
        {
            throw Error($"{expansion.Name}: unbound variable");
        }

        return expansion.Operator == ParameterOperator.None ? value : Transform(expansion, value);
    }

    /// <summary>What a variable names; null if it is declared and has no value, of which bash makes nothing, and no error.</summary>
    private ParameterExpansion? FollowIndirection(ParameterExpansion expansion)
    {
        if (variables.Find(expansion.Name) is { } reference && reference.Has(VariableAttributes.Reference))
        {
            // Of a name reference it is the name.
            return expansion with { IsIndirect = false, Name = expansion.Name, Operator = ParameterOperator.Default, Operand = new([new WordPart.Quoted(reference.Scalar ?? "")], 0, 0) };
        }

        var named = ValueOf(expansion with { IsIndirect = false, Operator = ParameterOperator.None });
        if (!named.IsSet && named.Items is null && expansion.Subscript is null && IsName(expansion.Name) && variables.Find(expansion.Name) is not null)
        {
            return expansion.Operator != ParameterOperator.AssignDefault ? null :
                throw new UnknownValueException(new(script.PlaceOf(expansion.Start), $"${{!{expansion.Name}=…}} without a name is not evaluated here"));
        }

        var target = named is { Items: null, Text: { Length: > 0 } text }
            ? text
            : throw Error($"{expansion.Name}: invalid indirect expansion");
        var result = expansion with { IsIndirect = false, Name = target, Subscript = null, All = target is "@" or "*" ? target[0] : '\0' };
        if (SplitSubscript(target) is var (name, subscript))
        {
            return subscript is "@" or "*"
                ? result with { Name = name, All = subscript[0] }
                : result with { Name = name, Subscript = new([new WordPart.Quoted(subscript)], 0, 0) };
        }

        return IsName(target) || target.All(char.IsAsciiDigit) || target is ['@' or '*' or '#' or '?' or '-' or '$' or '!']
            ? result
            : throw Error($"{target}: invalid variable name");
    }

    private ParameterValue ValueOf(ParameterExpansion expansion)
    {
        var name = expansion.Name;
        switch (name)
        {
            case "@" or "*":
                return new(null, [.. arguments], expansion.All);
            case "#":
                return new(arguments.Count.ToString(CultureInfo.InvariantCulture));
            case "?":
                return lastStatus == Unknown ? throw new UnknownValueException(statusReason!) : new(lastStatus.ToString(CultureInfo.InvariantCulture));
            case "$" or "!" or "-" or "_":
                throw new UnknownValueException(new(script.PlaceOf(expansion.Start), $"${name} is of the shell that reads the file"));
            default:
                break;
        }

        if (char.IsAsciiDigit(name[0]))
        {
            // What is too great to be a number is 0.
            if (!int.TryParse(name, out var number) || number == 0)
            {
                throw new UnknownValueException(new(script.PlaceOf(expansion.Start), "$0 is of the shell that reads the file"));
            }

            return new(number <= arguments.Count ? arguments[number - 1] : null);
        }

        if (Lookup(name) is not { } variable)
        {
            return expansion.All != '\0' ? new(null, [], expansion.All) : new(null);
        }

        Known(variable, script.PlaceOf(expansion.Start));
        return expansion.All != '\0' ? new(null, [.. variable.Values], expansion.All) :
            expansion.Subscript is { } subscript ? new(MemberOf(variable, ExpandText(subscript), name)) :
            new(variable.First);
    }

    private long LengthOf(ParameterExpansion expansion)
    {
        if (expansion.All != '\0')
        {
            return expansion.Name is "@" or "*" ? arguments.Count : Lookup(expansion.Name) is { } array ? Known(array).Count : 0;
        }

        var value = ValueOf(expansion with { Operator = ParameterOperator.None });
        return value.IsSet || !options.RefusesUnset ? Runes(value.Text ?? "").Count : throw Error($"{expansion.Name}: unbound variable");
    }

    private ParameterValue ExpandDefault(ParameterExpansion expansion, ParameterValue value, bool isQuoted)
    {
        var isThere = value.IsSet && !(expansion.CountsEmpty && value.IsEmpty);
        switch (expansion.Operator)
        {
            case ParameterOperator.Alternative:
                return isThere ? new(null, Operand: expansion.Operand) : value.Items is null ? new("") : value with { Items = [] };
            case ParameterOperator.Default:
                return isThere ? value : new(null, Operand: expansion.Operand);
            case ParameterOperator.Required when !isThere:
                var message = ExpandText(expansion.Operand!);
                throw Error($"{expansion.Name}: {(message.Length > 0 ? message : "parameter null or not set")}", script.PlaceOf(expansion.Start));
            case ParameterOperator.AssignDefault when !isThere:
                var text = isQuoted ? ExpandQuotedText(expansion.Operand!) : ExpandText(expansion.Operand!);
                if (!IsName(expansion.Name))
                {
                    throw Error($"${expansion.Name}: cannot assign in this way");
                }

                // The value is what the attributes of the variable make of it.
                Assign(expansion.Name, text, expansion.Subscript is { } subscript ? ExpandText(subscript) : null);
                return ValueOf(expansion);
            default:
                return value;
        }
    }

    private ParameterValue Transform(ParameterExpansion expansion, ParameterValue value)
    {
        switch (expansion.Operator)
        {
            case ParameterOperator.RemoveShortestPrefix or ParameterOperator.RemoveLongestPrefix:
                var prefix = Compile(expansion.Operand!);
                return value.Select(text => prefix.FindEnd(text, 0, expansion.Operator == ParameterOperator.RemoveLongestPrefix) is { } end ? text[end..] : text);
            case ParameterOperator.RemoveShortestSuffix or ParameterOperator.RemoveLongestSuffix:
                var suffix = Compile(expansion.Operand!);
                return value.Select(text => suffix.FindStart(text, expansion.Operator == ParameterOperator.RemoveLongestSuffix) is { } start ? text[..start] : text);
            case ParameterOperator.ReplaceFirst or ParameterOperator.ReplaceAll or ParameterOperator.ReplacePrefix or ParameterOperator.ReplaceSuffix:
                return Replace(expansion, value);
            case ParameterOperator.Substring:
                return Slice(expansion, value);
            case ParameterOperator.Transform:
                return TransformBy(expansion, value);
            default:
                var pattern = expansion.Operand is { Parts.Count: > 0 } operand ? Compile(operand) : null;
                var kind = expansion.Operator switch
                {
                    ParameterOperator.UpperFirst or ParameterOperator.UpperAll => CaseFolding.Kind.Upper,
                    ParameterOperator.LowerFirst or ParameterOperator.LowerAll => CaseFolding.Kind.Lower,
                    _ => CaseFolding.Kind.Toggle,
                };
                var isFirstOnly = expansion.Operator is ParameterOperator.UpperFirst or ParameterOperator.LowerFirst or ParameterOperator.ToggleFirst;
                return value.Select(text => CaseFolding.Apply(text, kind, isFirstOnly, pattern));
        }
    }

    private Pattern Compile(Word pattern) => Compile(ExpandPattern(pattern), options.HasExtendedGlobs);

    private Pattern Compile(string pattern, bool hasExtendedGlobs, bool ignoresCase = false) =>
        Pattern.IsPuzzling(pattern, hasExtendedGlobs)
            ? throw new UnknownValueException(new(place, $"what bash makes of the pattern {Printable.Quote(pattern)} is not evaluated here"))
            : Pattern.Compile(pattern, hasExtendedGlobs, ignoresCase);

    private ParameterValue Slice(ParameterExpansion expansion, ParameterValue value)
    {
        if (!value.IsSet && expansion.Name is not ("@" or "*"))
        {
            return value; // and the offset is not looked at
        }

        var offset = EvaluateArithmetic(ExpandQuotedText(expansion.Operand!));
        if (value.Items is null)
        {
            var runes = Runes(value.Text ?? "");
            var start = offset < 0 ? runes.Count + offset : offset;
            if (start < 0 || start > runes.Count)
            {
                return new("");
            }

            // The length is looked at only where there is something to take.
            var taken = Length();
            var end = taken switch
            {
                null => runes.Count,
                < 0 => runes.Count + taken.Value,
                _ => Math.Min(runes.Count, start + taken.Value),
            };
            return end >= start ? new(string.Concat(runes.GetRange((int)start, (int)(end - start)))) : throw Error($"{taken}: substring expression < 0");
        }

        // Of an array with gaps, the offset is an index, and the length a number of members; of $@, $0 is the first.
        var isArguments = expansion.Name is "@" or "*";
        var indexed = isArguments ? null : Lookup(expansion.Name)?.Indexed;
        var count = isArguments ? value.Items.Count + 1 : indexed is { Count: > 0 } ? indexed.GetKeyAtIndex(indexed.Count - 1) + 1 : value.Items.Count;
        var from = offset < 0 ? count + offset : offset;
        if (from < 0 || from > count || (from == count && !isArguments))
        {
            return value with { Items = [] };
        }

        var length = Length();
        if (length < 0)
        {
            throw Error($"{length}: substring expression < 0");
        }

        var take = (int)Math.Min(length ?? int.MaxValue, int.MaxValue);
        if (isArguments && from == 0 && take > 0)
        {
            throw new UnknownValueException(new(script.PlaceOf(expansion.Start), "$0 is of the shell that reads the file"));
        }

        return value with
        {
            Items = indexed is null
                ? [.. value.Items.Skip((int)(isArguments ? from - 1 : from)).Take(take)]
                : [.. indexed.Where(member => member.Key >= from).Select(member => member.Value).Take(take)],
        };

        long? Length() => expansion.SecondOperand is { } second ? EvaluateArithmetic(ExpandQuotedText(second)) : null;
    }

    private ParameterValue TransformBy(ParameterExpansion expansion, ParameterValue value)
    {
        var letter = expansion.Operand!.Bare;
        if (!value.IsSet && value.Items is null && letter != "a")
        {
            return new("");
        }

        return letter switch
        {
            "U" => value.Select(text => CaseFolding.Apply(text, CaseFolding.Kind.Upper, isFirstOnly: false, null)),
            "u" => value.Select(text => CaseFolding.Apply(text, CaseFolding.Kind.Upper, isFirstOnly: true, null)),
            "L" => value.Select(text => CaseFolding.Apply(text, CaseFolding.Kind.Lower, isFirstOnly: false, null)),
            "Q" => value.Select(Quoting.ForReuse),
            "E" => value.Select(text => Escapes.Decode(text, EscapeDialect.DollarQuotes, out _)),
            _ => throw new UnknownValueException(new(script.PlaceOf(expansion.Start), $"${{…@{letter}}} is not evaluated here")),
        };
    }

    /// <summary>The characters of a text; one that is no character counts as one.</summary>
    private static List<string> Runes(string text)
    {
        List<string> runes = new(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var length = char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;
            runes.Add(text.Substring(index, length));
            index += length - 1;
        }

        return runes;
    }
}
