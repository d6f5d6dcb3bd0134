namespace Orchestrator.Pkgbuild;

/// <summary>A place in a PKGBUILD.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units; 0 if it is the whole line.</param>
public readonly record struct PkgbuildPlace(int Line, int Column);
