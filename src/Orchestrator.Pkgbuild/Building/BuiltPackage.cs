namespace Orchestrator.Pkgbuild;

/// <summary>One package that a build has yielded.</summary>
/// <param name="Name">Its <c>pkgname</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Its architecture, or <c>any</c>.</param>
/// <param name="ArchivePath">The archive.</param>
/// <param name="TreePath">The installed tree: what was <c>pkgdir</c>.</param>
public sealed record BuiltPackage(string Name, string Version, string Architecture, string ArchivePath, string TreePath);
