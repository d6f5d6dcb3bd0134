namespace Orchestrator.Pkgbuild.Bash;

/// <summary>Texts in which <c>$</c> and backslashes mean what they mean between double quotes.</summary>
internal enum QuotedText
{
    /// <summary>Between double quotes.</summary>
    DoubleQuotes,

    /// <summary>A here-document, where a double quote means itself.</summary>
    HereDocument,

    /// <summary>An arithmetic expression, where a double quote means nothing.</summary>
    Arithmetic,
}
