namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A word, as it is before any expansion.</summary>
/// <param name="Parts">What it consists of.</param>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset behind its last character.</param>
internal sealed record Word(IReadOnlyList<WordPart> Parts, int Start, int End)
{
    /// <summary>The word if it has no quoting and no expansion, as reserved words and names must have none; else null.</summary>
    internal string? Bare => Parts switch
    {
        [] => "",
        [WordPart.Literal literal] => literal.Text,
        _ => null,
    };

    /// <summary>The word if nothing in it is to be expanded, with its quotes removed; else null.</summary>
    internal string? Constant => Parts switch
    {
        [] => "",
        [WordPart.Literal literal] => literal.Text,
        [WordPart.Quoted quoted] => quoted.Text,
        [WordPart.DoubleQuoted { Parts: [WordPart.Literal literal] }] => literal.Text,
        [WordPart.DoubleQuoted { Parts: [] }] => "",
        _ when Parts.All(part => part is WordPart.Literal or WordPart.Quoted) => string.Concat(Parts.Select(
            part => part is WordPart.Quoted quoted ? quoted.Text : ((WordPart.Literal)part).Text)),
        _ => null,
    };
}
