namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A command of bash's grammar (<c>bash(1)</c>, SHELL GRAMMAR).</summary>
/// <param name="Start">Offset of its first character.</param>
internal abstract record ShellCommand(int Start)
{
    /// <summary>Redirections of a compound command.</summary>
    internal IReadOnlyList<Redirection> Redirections { get; init; } = [];

    /// <summary>Assignments, then words. An argument of <c>declare</c> and its like may be an assignment.</summary>
    internal sealed record Simple(IReadOnlyList<Assignment> Assignments, IReadOnlyList<Argument> Arguments, int Start) : ShellCommand(Start);

    /// <summary>A word of a simple command; or, of <c>declare</c> and its like, an assignment of an array.</summary>
    internal readonly record struct Argument(Word Word, Assignment? Compound);

    /// <summary><c>a; b</c>, <c>a &amp; b</c> or lines.</summary>
    internal sealed record Sequence(IReadOnlyList<(ShellCommand Command, bool IsBackground)> Items, int Start) : ShellCommand(Start);

    /// <summary><c>a &amp;&amp; b</c> or <c>a || b</c>.</summary>
    internal sealed record AndOr(ShellCommand Left, bool IsAnd, ShellCommand Right) : ShellCommand(Left.Start);

    /// <summary><c>! a | b</c>; <c>a |&amp; b</c> has the redirection of what is left of it.</summary>
    internal sealed record Pipeline(IReadOnlyList<ShellCommand> Commands, bool IsNegated, bool IsTimed, int Start) : ShellCommand(Start);

    /// <summary><c>{ a; }</c>.</summary>
    internal sealed record Group(ShellCommand Body, int Start) : ShellCommand(Start);

    /// <summary><c>( a )</c>.</summary>
    internal sealed record Subshell(ShellCommand Body, int Start) : ShellCommand(Start);

    /// <summary><c>if</c>; an <c>elif</c> is an If in <paramref name="Else"/>.</summary>
    internal sealed record If(ShellCommand Condition, ShellCommand Then, ShellCommand? Else, int Start) : ShellCommand(Start);

    /// <summary><c>while</c> or <c>until</c>.</summary>
    internal sealed record While(ShellCommand Condition, bool IsUntil, ShellCommand Body, int Start) : ShellCommand(Start);

    /// <summary><c>for x in …</c>, or <c>select</c>; without <c>in</c>, <paramref name="Words"/> is null.</summary>
    internal sealed record For(string Name, IReadOnlyList<Word>? Words, ShellCommand Body, bool IsSelect, int Start) : ShellCommand(Start);

    /// <summary><c>for ((a; b; c))</c>.</summary>
    internal sealed record ArithmeticFor(Word Initialization, Word Condition, Word Step, ShellCommand Body, int Start) : ShellCommand(Start);

    /// <summary><c>case</c>.</summary>
    internal sealed record Case(Word Subject, IReadOnlyList<CaseClause> Clauses, int Start) : ShellCommand(Start);

    /// <summary>A clause of <c>case</c>.</summary>
    /// <param name="Patterns">One of them must match.</param>
    /// <param name="Body">Null if it is empty.</param>
    /// <param name="Terminator"><c>;;</c>, <c>;&amp;</c> or <c>;;&amp;</c>.</param>
    internal sealed record CaseClause(IReadOnlyList<Word> Patterns, ShellCommand? Body, string Terminator);

    /// <summary><c>((…))</c>.</summary>
    internal sealed record Arithmetic(Word Expression, int Start) : ShellCommand(Start);

    /// <summary><c>[[ … ]]</c>.</summary>
    internal sealed record Conditional(ConditionalExpression Expression, int Start) : ShellCommand(Start);

    /// <summary>A definition of a function.</summary>
    internal sealed record Function(string Name, ShellCommand Body, RawText Source, int Start) : ShellCommand(Start);

    /// <summary><c>coproc</c>, of which nothing is known but that it starts something.</summary>
    internal sealed record Coprocess(ShellCommand Body, int Start) : ShellCommand(Start);
}
