using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Pkgbuild;

/// <summary>
/// The fields of a PKGBUILD, or those that one <c>package_NAME()</c> overrides. Strings and arrays are kept apart, since
/// an empty array, an empty string and nothing are three things. Architecture-specific ones keep their own name (<c>source_x86_64</c>).
/// </summary>
/// <param name="Strings">pkgver, pkgrel, epoch, pkgdesc, url, install, changelog, pkgbase.</param>
/// <param name="Arrays">pkgname, arch, license, depends, source, the sums and the rest of <c>PKGBUILD(5)</c>.</param>
public sealed record PkgbuildFields(
    IReadOnlyDictionary<string, string> Strings,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Arrays)
{
    /// <summary>A string field; null if it is not set.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "PKGBUILD(5) has strings and arrays.")]
    public string? String(string name) => Strings.GetValueOrDefault(name);

    /// <summary>An array field, without its architecture-specific part; empty if it is not set.</summary>
    public IReadOnlyList<string> Array(string name) => Arrays.GetValueOrDefault(name, []);

    /// <summary>An array field, followed by what <c>NAME_ARCH</c> adds to it.</summary>
    public IReadOnlyList<string> Array(string name, string architecture) =>
        [.. Array(name), .. Array($"{name}_{architecture}")];
}
