using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild;

/// <summary>A complaint of bash about a file that it runs: <c>FILE: line N: TEXT</c>.</summary>
/// <param name="Line">Line in that file, from 1.</param>
/// <param name="Text">What bash says is wrong.</param>
internal sealed partial record BashMessage(int Line, string Text)
{
    /// <summary>Whether bash could not parse the file, as against run it.</summary>
    internal bool IsSyntaxError => SyntaxError().IsMatch(Text);

    /// <summary>What bash said about one file, in order.</summary>
    /// <param name="standardError">All that came out of standard error, other lines included.</param>
    /// <param name="path">The file, by the name that bash was given.</param>
    internal static IReadOnlyList<BashMessage> Find(string standardError, string path) =>
    [
        .. Regex.Matches(
                standardError,
                "^" + Regex.Escape(path) + ": (?:command substitution: )?line (?<line>[0-9]{1,9}): (?<text>.*)$",
                RegexOptions.Multiline | RegexOptions.CultureInvariant)
            .Select(match => new BashMessage(
                int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["text"].Value)),
    ];

    // The messages of bash's parse.y.
    [GeneratedRegex("^(syntax error|unexpected EOF|unexpected token|unexpected argument|conditional binary operator expected|expected `\\)')")]
    private static partial Regex SyntaxError();
}
