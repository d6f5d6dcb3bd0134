namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A redirection.</summary>
/// <param name="Descriptor">The file descriptor that is redirected; -1 where it is <c>{name}</c>, which is not looked at.</param>
/// <param name="Operator"><c>&lt;</c>, <c>&gt;&gt;</c>, <c>&lt;&lt;&lt;</c> and so on; as it is written.</param>
/// <param name="Target">The file or file descriptor; of a here-document, its delimiter.</param>
/// <param name="Prefix">What is written before the operator: <c>2</c>, <c>{name}</c> or nothing.</param>
internal sealed record Redirection(int Descriptor, string Operator, Word Target, string Prefix)
{
    /// <summary>The text of a here-document; its parts are those between double quotes. Null if it is wrong.</summary>
    internal Word? Body { get; set; }

    /// <summary>The lines of a here-document as they are written, and its delimiter.</summary>
    internal (string Lines, string Delimiter) Document { get; set; }
}
