namespace Orchestrator.Pkgbuild;

/// <summary>What names and versions of packages look like (<c>PKGBUILD(5)</c>): each method says what is wrong, or null.</summary>
internal static class PackageSyntax
{
    internal static string? ProblemOfName(string name)
    {
        if (name.Length == 0)
        {
            return "is empty";
        }

        if (name[0] is '-' or '.')
        {
            return $"{Printable.Quote(name)} begins with '{name[0]}', which a name must not";
        }

        return name.FirstOrDefault(character => !char.IsAsciiLetterOrDigit(character) && !"@._+-".Contains(character, StringComparison.Ordinal)) is var wrong && wrong != '\0'
            ? $"{Printable.Quote(name)} contains {Printable.Quote(wrong.ToString())}; a name consists of ASCII letters, digits and @ . _ + -"
            : null;
    }

    internal static string? ProblemOfPkgver(string version)
    {
        if (version.Length == 0)
        {
            return "is missing";
        }

        return version.FirstOrDefault(character => !char.IsAscii(character) || char.IsWhiteSpace(character) || character is ':' or '/' or '-') is var wrong && wrong != '\0'
            ? $"{Printable.Quote(version)} contains {Printable.Quote(wrong.ToString())}; it must be ASCII without ':', '/', '-' and white space"
            : null;
    }

    internal static string? ProblemOfPkgrel(string release)
    {
        if (release.Length == 0)
        {
            return "is missing";
        }

        var parts = release.Split('.');
        return parts.Length <= 2 && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit))
            ? null
            : $"{Printable.Quote(release)} is not of the form N or N.N, such as 1";
    }

    internal static string? ProblemOfEpoch(string epoch) =>
        epoch.All(char.IsAsciiDigit) ? null : $"{Printable.Quote(epoch)} is not a whole number";

    /// <summary>Checks <c>[epoch:]pkgver[-pkgrel]</c>, split where alpm splits it.</summary>
    internal static string? ProblemOfFullVersion(string version)
    {
        var rest = version;
        if (rest.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            if (ProblemOfEpoch(rest[..colon]) is { } problem)
            {
                return $"epoch {problem}";
            }

            rest = rest[(colon + 1)..];
        }

        if (rest.LastIndexOf('-') is > 0 and var hyphen)
        {
            if (ProblemOfPkgrel(rest[(hyphen + 1)..]) is { } problem)
            {
                return $"pkgrel {problem}";
            }

            rest = rest[..hyphen];
        }

        return ProblemOfPkgver(rest) is { } wrong ? $"pkgver {wrong}" : null;
    }
}
