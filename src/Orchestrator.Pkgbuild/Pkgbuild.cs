using System.Collections.Frozen;

namespace Orchestrator.Pkgbuild;

/// <summary>What one PKGBUILD describes (<c>PKGBUILD(5)</c>).</summary>
public sealed record Pkgbuild
{
    /// <summary>Full path of the PKGBUILD.</summary>
    public required string Path { get; init; }

    /// <summary>The folder that the PKGBUILD is in: <c>startdir</c>.</summary>
    public string StartDirectory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary><c>pkgbase</c>; the first of <see cref="Names"/> where it is not set.</summary>
    public required string BaseName { get; init; }

    /// <summary><c>pkgname</c>: one, or several for a split package.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>pkgver, pkgrel and epoch.</summary>
    public required PackageVersion Version { get; init; }

    /// <summary>Fields set at the top level.</summary>
    public required PkgbuildFields Fields { get; init; }

    /// <summary>Fields that <c>package_NAME()</c> sets, by package name; only what it overrides.</summary>
    public required IReadOnlyDictionary<string, PkgbuildFields> Overrides { get; init; }

    /// <summary>Names of all shell functions that the file defines (<c>build</c>, <c>package_foo</c>, helpers).</summary>
    public required IReadOnlySet<string> Functions { get; init; }

    /// <summary>Arrays with gaps in their indices (<c>source=([0]=a [2]=b)</c>), which makepkg refuses for <c>source</c>.</summary>
    public IReadOnlySet<string> SparseArrays { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Line (from 1) of the first assignment of a variable or definition of a function, by its name.</summary>
    public required IReadOnlyDictionary<string, int> Lines { get; init; }

    /// <summary>Whether there is more than one package, or one that has a <c>package_NAME()</c> of its own.</summary>
    public bool IsSplit => Names.Count > 1 || (Names.Count == 1 && Functions.Contains($"package_{Names[0]}"));

    /// <summary>Line (from 1) where a variable or a function is first set; 1 if that is not known.</summary>
    public int LineOf(string name) => Lines.GetValueOrDefault(name, 1);

    /// <summary>What is known of the script's places, beside <see cref="Lines"/>.</summary>
    internal ScriptOutline? Outline { get; init; }

    /// <summary>Where a function is defined: its line at least, which is 1 if that is not known.</summary>
    /// <param name="function">Name of the function.</param>
    public PkgbuildPlace PlaceOfFunction(string function) => Outline?.PlaceOfFunction(function) ?? new(LineOf(function), 0);

    /// <summary>Where a field is set: its line at least, which is that of the function, or 1, if it is not known.</summary>
    /// <param name="name">Name of the field (<c>depends_x86_64</c>).</param>
    /// <param name="function">The function that sets it (<c>package_foo</c>); null for the top level.</param>
    /// <param name="value">Its value, or the member of the array that is meant; null for where it is set first.</param>
    public PkgbuildPlace PlaceOfField(string name, string? function = null, string? value = null) =>
        Outline?.PlaceOfVariable(name, function, value) ?? (function is null ? new(LineOf(name), 0) : PlaceOfFunction(function));
}
