namespace Orchestrator.Pkgbuild;

/// <summary>What became of one PKGBUILD of a set.</summary>
public enum BuildOutcome
{
    /// <summary>Its packages were built.</summary>
    Built,

    /// <summary>Its packages were there already.</summary>
    UpToDate,

    /// <summary>It was passed over: tools are missing, or a package that it needs was not built.</summary>
    Skipped,

    /// <summary>It could not be built.</summary>
    Failed,

    /// <summary>It was being built when the whole was cancelled.</summary>
    Cancelled,
}
