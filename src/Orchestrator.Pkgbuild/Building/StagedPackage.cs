namespace Orchestrator.Pkgbuild;

/// <summary>A package that only needs to be renamed into its place.</summary>
/// <param name="Name">Its pkgname.</param>
/// <param name="Architecture">Its architecture, or any.</param>
/// <param name="Archive">The finished archive.</param>
/// <param name="Tree">The finished tree.</param>
internal sealed record StagedPackage(string Name, string Architecture, string Archive, string Tree);
