namespace Orchestrator.Pkgbuild;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>Works, but is probably not what was meant.</summary>
    Warning,

    /// <summary>The package cannot be built.</summary>
    Error,

    /// <summary>makepkg does nothing at all with such a file: not even its <c>.SRCINFO</c> can be written.</summary>
    Fatal,
}
