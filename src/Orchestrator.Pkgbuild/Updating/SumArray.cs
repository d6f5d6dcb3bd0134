namespace Orchestrator.Pkgbuild;

/// <summary>An array of sums as it is to be.</summary>
/// <param name="Name">Its name: <c>sha256sums_x86_64</c>.</param>
/// <param name="Sources">The array whose sums they are: <c>source_x86_64</c>.</param>
/// <param name="Sums">The sums, in the order of the sources.</param>
internal sealed record SumArray(string Name, string Sources, IReadOnlyList<string> Sums);
