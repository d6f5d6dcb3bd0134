namespace Orchestrator.Pkgbuild;

/// <summary>What one assignment in a script gives a variable: a string, or a member of an array.</summary>
/// <param name="Start">Offset of it: of a string, that of its assignment.</param>
/// <param name="Text">The value, if nothing in it is to be expanded; else null.</param>
internal readonly record struct AssignedValue(int Start, string? Text);
