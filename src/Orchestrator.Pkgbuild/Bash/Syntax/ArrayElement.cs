namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A member of <c>x=(…)</c>.</summary>
/// <param name="Subscript">Of <c>[i]=…</c>; else null.</param>
/// <param name="IsAppend">Whether it is <c>[i]+=…</c>.</param>
/// <param name="Value">The member.</param>
/// <param name="Whole">The member with its subscript, for an array that takes none.</param>
internal sealed record ArrayElement(Word? Subscript, bool IsAppend, Word Value, Word Whole);
