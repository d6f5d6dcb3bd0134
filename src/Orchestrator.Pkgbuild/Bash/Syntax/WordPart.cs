namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A part of a <see cref="Word"/>.</summary>
internal abstract record WordPart
{
    /// <summary>Characters without quotes; or those between double quotes that mean themselves.</summary>
    internal sealed record Literal(string Text) : WordPart;

    /// <summary>Characters that mean themselves: <c>'…'</c>, <c>$'…'</c>, or one after a backslash.</summary>
    internal sealed record Quoted(string Text) : WordPart;

    /// <summary><c>"…"</c>.</summary>
    internal sealed record DoubleQuoted(IReadOnlyList<WordPart> Parts) : WordPart;

    /// <summary><c>$x</c> or <c>${…}</c>.</summary>
    internal sealed record Parameter(ParameterExpansion Expansion) : WordPart;

    /// <summary><c>$(…)</c> or <c>`…`</c>.</summary>
    /// <param name="Body">The commands.</param>
    /// <param name="Source">The text that they are in: of a backquote, one of its own.</param>
    /// <param name="Start">Offset of its first character.</param>
    internal sealed record CommandSubstitution(ShellCommand Body, ScriptText Source, int Start) : WordPart;

    /// <summary><c>$((…))</c> or <c>$[…]</c>.</summary>
    internal sealed record Arithmetic(Word Expression) : WordPart;

    /// <summary><c>&lt;(…)</c> or <c>&gt;(…)</c>.</summary>
    internal sealed record ProcessSubstitution(ShellCommand Body, ScriptText Source, bool IsInput, int Start) : WordPart;

    /// <summary>What is not followed: its value is not known.</summary>
    internal sealed record Unfollowed(int Start) : WordPart;
}
