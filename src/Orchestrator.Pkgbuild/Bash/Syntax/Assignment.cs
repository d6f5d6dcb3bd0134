namespace Orchestrator.Pkgbuild.Bash;

/// <summary><c>x=…</c>, <c>x+=…</c>, <c>x[i]=…</c> or <c>x=(…)</c>.</summary>
/// <param name="Name">Name of the variable.</param>
/// <param name="Subscript">What stands between brackets, if anything does.</param>
/// <param name="IsAppend">Whether it is <c>+=</c>.</param>
/// <param name="Value">The value of one that is not compound.</param>
/// <param name="Elements">The members of one that is compound, else null.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset behind its last character.</param>
internal sealed record Assignment(
    string Name, Word? Subscript, bool IsAppend, Word? Value, IReadOnlyList<ArrayElement>? Elements, int Start, int End);
