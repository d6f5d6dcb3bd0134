using System.Text;

namespace Orchestrator.Pkgbuild.Bash;

/// <summary>The classes of characters of a pattern, <c>[[:alpha:]]</c>, as a UTF-8 locale has them.</summary>
internal static class CharacterClass
{
    internal static Func<int, bool> Find(string name) => name switch
    {
        "alnum" => scalar => IsRune(scalar, Rune.IsLetterOrDigit),
        "alpha" => scalar => IsRune(scalar, Rune.IsLetter),
        "ascii" => scalar => scalar < 128,
        "blank" => scalar => scalar is ' ' or '\t',
        "cntrl" => scalar => IsRune(scalar, Rune.IsControl),
        "digit" => scalar => scalar is >= '0' and <= '9',
        "graph" => scalar => IsRune(scalar, rune => !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)),
        "lower" => scalar => IsRune(scalar, Rune.IsLower),
        "print" => scalar => IsRune(scalar, rune => !Rune.IsControl(rune)),
        "punct" => scalar => IsRune(scalar, rune => !Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune) && !Rune.IsLetterOrDigit(rune)),
        "space" => scalar => scalar <= char.MaxValue && WhiteSpace.Is((char)scalar),
        "upper" => scalar => IsRune(scalar, Rune.IsUpper),
        "word" => scalar => scalar == '_' || IsRune(scalar, Rune.IsLetterOrDigit),
        "xdigit" => scalar => scalar < 128 && char.IsAsciiHexDigit((char)scalar),
        _ => _ => false,
    };

    private static bool IsRune(int scalar, Func<Rune, bool> predicate) => Rune.TryCreate(scalar, out var rune) && predicate(rune);
}
