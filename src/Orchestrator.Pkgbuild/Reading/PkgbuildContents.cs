namespace Orchestrator.Pkgbuild;

/// <summary>What a PKGBUILD sets, while a reader collects it.</summary>
internal sealed class PkgbuildContents
{
    private readonly Dictionary<string, (Dictionary<string, string> Strings, Dictionary<string, IReadOnlyList<string>> Arrays)> overrides = [];

    internal Dictionary<string, string> Strings { get; } = [];

    internal Dictionary<string, IReadOnlyList<string>> Arrays { get; } = [];

    /// <summary>Names of arrays with gaps.</summary>
    internal HashSet<string> Sparse { get; } = [];

    internal HashSet<string> Functions { get; } = [];

    /// <summary><c>pkgname</c>, which may be a string or an array.</summary>
    internal IReadOnlyList<string> Names =>
        Arrays.GetValueOrDefault("pkgname") ?? (Strings.TryGetValue("pkgname", out var name) && name.Length > 0 ? [name] : []);

    /// <summary><c>pkgbase</c>; the first of <see cref="Names"/> where it is not set.</summary>
    internal string BaseName => Strings.GetValueOrDefault("pkgbase") is { Length: > 0 } baseName ? baseName : Names.FirstOrDefault("");

    // An associative array is neither what a string nor what an array ought to be: given as the other one, it is refused.
    internal void SetMap(string name)
    {
        if (PkgbuildSchema.Strings.Contains(name))
        {
            Arrays[name] = [];
        }
        else
        {
            Strings[name] = "";
        }
    }

    internal (Dictionary<string, string> Strings, Dictionary<string, IReadOnlyList<string>> Arrays) OverridesOf(string package)
    {
        if (!overrides.TryGetValue(package, out var fields))
        {
            overrides[package] = fields = ([], []);
        }

        return fields;
    }

    internal Pkgbuild ToPkgbuild(PkgbuildFile file, ScriptOutline outline) => ToPkgbuild(file.Path, outline.Lines) with { Outline = outline };

    internal Pkgbuild ToPkgbuild(string path, IReadOnlyDictionary<string, int> lines) => new()
    {
        Path = path,
        BaseName = BaseName,
        Names = Names,
        Version = new(Strings.GetValueOrDefault("pkgver", ""), Strings.GetValueOrDefault("pkgrel", ""), Strings.GetValueOrDefault("epoch")),
        Fields = new(Strings, Arrays),
        Overrides = overrides.ToDictionary(package => package.Key, package => new PkgbuildFields(package.Value.Strings, package.Value.Arrays)),
        Functions = Functions,
        SparseArrays = Sparse,
        Lines = lines,
    };
}
