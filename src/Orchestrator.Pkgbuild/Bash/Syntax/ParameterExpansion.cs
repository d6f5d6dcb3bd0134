namespace Orchestrator.Pkgbuild.Bash;

/// <summary><c>${…}</c>, and <c>$x</c>, its short form.</summary>
internal sealed record ParameterExpansion
{
    /// <summary>Name of the variable, number of the argument, or one of <c>@*#?-$!_</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>Offset of its first character.</summary>
    internal required int Start { get; init; }

    /// <summary>What stands between brackets, if anything does.</summary>
    internal Word? Subscript { get; init; }

    /// <summary><c>[@]</c> or <c>[*]</c>, or <c>$@</c> or <c>$*</c>: the sign; else NUL.</summary>
    internal char All { get; init; }

    /// <summary>Whether it is <c>$x</c>, without braces: what comes out of a brace expansion behind it can make its name longer.</summary>
    internal bool IsShort { get; init; }

    /// <summary>What is done with the value.</summary>
    internal ParameterOperator Operator { get; init; }

    /// <summary><c>${!x}</c>: the value is the name of what is meant.</summary>
    internal bool IsIndirect { get; init; }

    /// <summary>For <c>:-</c> and its like: whether an empty value counts as none.</summary>
    internal bool CountsEmpty { get; init; }

    /// <summary>Default, pattern, offset, or the letter after <c>@</c>.</summary>
    internal Word? Operand { get; init; }

    /// <summary>Replacement, or length.</summary>
    internal Word? SecondOperand { get; init; }
}
