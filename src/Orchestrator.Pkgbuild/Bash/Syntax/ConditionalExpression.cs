namespace Orchestrator.Pkgbuild.Bash;

/// <summary>What stands in <c>[[ … ]]</c>.</summary>
internal abstract record ConditionalExpression
{
    /// <summary><c>! a</c>.</summary>
    internal sealed record Not(ConditionalExpression Operand) : ConditionalExpression;

    /// <summary><c>a &amp;&amp; b</c>.</summary>
    internal sealed record And(ConditionalExpression Left, ConditionalExpression Right) : ConditionalExpression;

    /// <summary><c>a || b</c>.</summary>
    internal sealed record Or(ConditionalExpression Left, ConditionalExpression Right) : ConditionalExpression;

    /// <summary><c>( a )</c>.</summary>
    internal sealed record Grouped(ConditionalExpression Operand) : ConditionalExpression;

    /// <summary><c>-f a</c>; a word alone is <c>-n</c>.</summary>
    internal sealed record Unary(string Operator, Word Operand, bool IsBareWord) : ConditionalExpression;

    /// <summary><c>a == b</c>.</summary>
    internal sealed record Binary(Word Left, string Operator, Word Right) : ConditionalExpression;
}
