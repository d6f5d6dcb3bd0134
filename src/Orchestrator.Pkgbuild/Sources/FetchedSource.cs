namespace Orchestrator.Pkgbuild;

/// <summary>A source that is on this machine.</summary>
/// <param name="Entry">The source.</param>
/// <param name="Path">The file; for git the bare mirror.</param>
internal sealed record FetchedSource(SourceEntry Entry, string Path)
{
    /// <summary>The file's sums of all kinds that the PKGBUILD asks for, if they are known already.</summary>
    internal IReadOnlyDictionary<ChecksumKind, string>? Sums { get; init; }

    /// <summary>For git, the commit that is to be checked out.</summary>
    internal string? Commit { get; init; }

    internal PackageSource Source => Entry.Source;
}
