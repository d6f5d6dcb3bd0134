namespace Orchestrator.Pkgbuild.Bash;

/// <summary>A place in a script.</summary>
/// <param name="File">Full path.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
internal readonly record struct Place(string File, int Line, int Column);
