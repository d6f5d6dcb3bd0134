namespace Orchestrator.Pkgbuild;

/// <summary>What of a git repository is checked out.</summary>
/// <param name="Kind">What <paramref name="Value"/> names.</param>
/// <param name="Value">A branch, a tag or a commit; empty for <see cref="GitReferenceKind.Head"/>.</param>
public sealed record GitReference(GitReferenceKind Kind, string Value)
{
    /// <summary>The repository's own default branch.</summary>
    public static GitReference Head { get; } = new(GitReferenceKind.Head, "");

    /// <summary>Whether the same reference may name another commit tomorrow.</summary>
    public bool IsMoving => Kind is GitReferenceKind.Head or GitReferenceKind.Branch;
}
