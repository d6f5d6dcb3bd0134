namespace Orchestrator.Pkgbuild;

/// <summary>The kinds of fragment that a git source can have (<c>PKGBUILD(5)</c>, "Using VCS sources").</summary>
public enum GitReferenceKind
{
    /// <summary>No fragment: the default branch.</summary>
    Head,

    /// <summary><c>#branch=</c>.</summary>
    Branch,

    /// <summary><c>#tag=</c>.</summary>
    Tag,

    /// <summary><c>#commit=</c>.</summary>
    Commit,
}
