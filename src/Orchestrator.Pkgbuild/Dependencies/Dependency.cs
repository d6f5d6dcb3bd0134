namespace Orchestrator.Pkgbuild;

/// <summary>A member of depends, makedepends, checkdepends, provides or conflicts: a name, and which versions of it.</summary>
/// <param name="Name">Name of a package, or of something that packages provide.</param>
/// <param name="Relation"><c>&lt;</c>, <c>&lt;=</c>, <c>=</c>, <c>&gt;=</c> or <c>&gt;</c>; empty for any version.</param>
/// <param name="Version">The version that it is compared with; empty for any.</param>
public sealed record Dependency(string Name, string Relation = "", string Version = "")
{
    /// <summary>Reads <c>NAME</c>, or <c>NAME&gt;=VERSION</c> with any of the relations.</summary>
    public static Dependency Parse(string text)
    {
        var begin = text.AsSpan().IndexOfAny('<', '>', '=');
        if (begin < 0)
        {
            return new(text);
        }

        var isDouble = text[begin] != '=' && begin + 1 < text.Length && text[begin + 1] == '=';
        var end = begin + (isDouble ? 2 : 1);
        return new(text[..begin], text[begin..end], text[end..]);
    }

    /// <summary>A member of optdepends without its reason: what stands before <c>: </c>.</summary>
    public static string WithoutReason(string optionalDependency)
    {
        for (var index = 0; index + 1 < optionalDependency.Length; index++)
        {
            if (optionalDependency[index] == ':' && WhiteSpace.Is(optionalDependency[index + 1]))
            {
                return optionalDependency[..index];
            }
        }

        return optionalDependency;
    }

    /// <summary>Whether a version is one of those that are meant.</summary>
    /// <param name="version">The version; null for something provided without one, which satisfies no version in particular.</param>
    public bool Accepts(PackageVersion? version)
    {
        if (Relation.Length == 0 || Version.Length == 0)
        {
            return true;
        }

        if (version is null)
        {
            return false;
        }

        var order = version.CompareTo(PackageVersion.Parse(Version));
        return Relation switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            "=" => order == 0,
            ">=" => order >= 0,
            _ => order > 0,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Name + Relation + Version;
}
