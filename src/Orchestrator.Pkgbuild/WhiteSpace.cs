namespace Orchestrator.Pkgbuild;

/// <summary>White space as makepkg has it: <c>iswspace(3)</c> of a UTF-8 locale of glibc.</summary>
internal static class WhiteSpace
{
    /// <summary>Whether a character is white space; what may not be broken at is none.</summary>
    internal static bool Is(char character) => character switch
    {
        '\u0085' or '\u00a0' or '\u2007' or '\u202f' => false,
        _ => char.IsWhiteSpace(character),
    };
}
