namespace Orchestrator.Pkgbuild;

/// <summary>Where a source comes from.</summary>
public enum SourceProtocol
{
    /// <summary>A file beside the PKGBUILD.</summary>
    Local,

    /// <summary><c>file:</c>, a file somewhere else on this machine.</summary>
    File,

    /// <summary><c>http:</c> or <c>https:</c>.</summary>
    Http,

    /// <summary>A git repository: <c>git:</c>, or <c>git+</c> and any URL that git understands.</summary>
    Git,
}
