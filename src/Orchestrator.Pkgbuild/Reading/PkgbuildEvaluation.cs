namespace Orchestrator.Pkgbuild;

/// <summary>Whether bash may run a PKGBUILD's top level, contained, so that it can be read.</summary>
public enum PkgbuildEvaluation
{
    /// <summary>
    /// Only where reading it without running anything does not do: a value depends on a program, or the file is wrong, so that
    /// bash is to say how. For callers who are about to run its functions anyway.
    /// </summary>
    WhenNeeded,

    /// <summary>Never: nothing is executed, and a file that depends on a program is refused with <see cref="NeedsEvaluationException"/>.</summary>
    Never,

    /// <summary>Always, as makepkg does.</summary>
    Always,
}
