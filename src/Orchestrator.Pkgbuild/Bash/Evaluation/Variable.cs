namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A variable. A scalar that is declared without a value, and an array without members, are not set.</summary>
internal sealed class Variable
{
    internal VariableAttributes Attributes { get; set; }

    /// <summary>Value of a scalar.</summary>
    internal string? Scalar { get; set; }

    /// <summary>Members of an indexed array.</summary>
    internal SortedList<long, string>? Indexed { get; set; }

    /// <summary>Members of an associative array.</summary>
    internal AssociativeArray? Associative { get; set; }

    /// <summary>Why its value is not known; null if it is.</summary>
    internal UnknownValue? Unknown { get; set; }

    /// <summary>Whether it was given a value, if only an array without members.</summary>
    internal bool IsAssigned { get; set; }

    /// <summary>Whether <c>declare</c> or one of its like made it, if only without a value.</summary>
    internal bool IsDeclared { get; set; }

    internal bool IsArray => Indexed is not null || Associative is not null;

    /// <summary>Values of an array in their order; of a scalar its value, if it has one.</summary>
    internal IEnumerable<string> Values =>
        Indexed is { } indexed ? indexed.Values :
        Associative is { } associative ? associative.Values :
        Scalar is { } scalar ? [scalar] : [];

    /// <summary>Subscripts of <see cref="Values"/>.</summary>
    internal IEnumerable<string> Keys =>
        Indexed is { } indexed ? indexed.Keys.Select(key => key.ToString(System.Globalization.CultureInfo.InvariantCulture)) :
        Associative is { } associative ? associative.Keys :
        Scalar is not null ? ["0"] : [];

    internal int Count => Indexed?.Count ?? Associative?.Count ?? (Scalar is null ? 0 : 1);

    /// <summary>The value of the variable without a subscript: of an array, that of member 0.</summary>
    internal string? First =>
        Indexed is { } indexed ? indexed.GetValueOrDefault(0) :
        Associative is { } associative ? (associative.TryGet("0", out var value) ? value : null) : Scalar;

    internal bool Has(VariableAttributes attribute) => (Attributes & attribute) != 0;

    /// <summary>Makes it an indexed array; a scalar becomes its member 0.</summary>
    internal SortedList<long, string> MakeIndexed()
    {
        if (Indexed is null)
        {
            Indexed = [];
            if (Scalar is { } value)
            {
                Indexed[0] = value;
            }

            Scalar = null;
            Attributes |= VariableAttributes.Indexed;
        }

        return Indexed;
    }

    internal AssociativeArray MakeAssociative()
    {
        Attributes |= VariableAttributes.Associative;
        return Associative ??= new();
    }

    internal Variable Clone() => new()
    {
        Attributes = Attributes,
        Scalar = Scalar,
        Indexed = Indexed is null ? null : new(Indexed),
        Associative = Associative?.Clone(),
        Unknown = Unknown,
        IsAssigned = IsAssigned,
        IsDeclared = IsDeclared,
    };
}
