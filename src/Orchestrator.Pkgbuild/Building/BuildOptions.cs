namespace Orchestrator.Pkgbuild;

/// <summary>How packages are built.</summary>
public sealed record BuildOptions
{
    /// <summary>
    /// Where archives (<c>NAME-VERSION-ARCH.pkg.tar.zst</c>) and installed trees (<c>NAME/</c>) go. Null (the default) is
    /// <c>$PKGDEST</c>, else the folder <c>out</c> beside the PKGBUILD.
    /// </summary>
    public string? OutputDirectory { get; init; }

    /// <summary>Where downloads are kept. Null (the default) is <c>$SRCDEST</c>, else <c>orchestrator/sources</c> in the user's cache folder.</summary>
    public string? SourceCache { get; init; }

    /// <summary>
    /// Where what is compiled is kept between builds, so that one that was cancelled is gone on with. Null (the default) is
    /// <c>$ORCHESTRATOR_CACHE</c>, else <c>orchestrator/builds</c> in the user's cache folder.
    /// </summary>
    public string? BuildCache { get; init; }

    /// <summary>How large the build cache may grow, in bytes. Null (the default) is <c>$ORCHESTRATOR_CACHE_LIMIT</c>, else 10 GiB.</summary>
    public long? BuildCacheLimit { get; init; }

    /// <summary>Whether everything is compiled anew, and nothing kept. The default is false; <c>ORCHESTRATOR_CACHE=off</c> is the same for all builds.</summary>
    public bool NoBuildCache { get; init; }

    /// <summary>What work directories are made in. Null (the default) is <c>$ORCHESTRATOR_WORK</c>, else <c>orchestrator-UID</c> in the temporary folder.</summary>
    public string? WorkRoot { get; init; }

    /// <summary><c>CARCH</c>: what is built for. The default is the machine's.</summary>
    public string Architecture { get; init; } = MachineArchitecture.Current;

    /// <summary>Whether a package is built that is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Whether a package is built, too, whose PKGBUILD or local source is newer than its last build, although its contents are
    /// the same: what <c>make(1)</c> and MSBuild call out of date.
    /// </summary>
    public bool RebuildTouched { get; init; }

    /// <summary>Whether <c>check()</c> and <c>checkdepends</c> are passed over.</summary>
    public bool NoCheck { get; init; }

    /// <summary>Whether signatures of sources are passed over (makepkg's <c>--skippgpcheck</c>); their sums are checked all the same.</summary>
    public bool SkipPgpCheck { get; init; }

    /// <summary>
    /// Whether a new version that <c>pkgver()</c> prints is written into the PKGBUILD, with <c>pkgrel=1</c>, as makepkg does
    /// (<c>false</c>: the file stays as it is, and only what is built has the version). It is written when all else has succeeded.
    /// </summary>
    public bool UpdatePkgVer { get; init; }

    /// <summary>Whether the work directory of a failed build stays. That of a cancelled one never does.</summary>
    public bool Keep { get; init; }

    /// <summary>Whether a package is built although dependencies seem to be missing.</summary>
    public bool IgnoreDependencies { get; init; }

    /// <summary>Whether <see cref="PackageSetBuilder"/> passes over a package whose dependencies are missing instead of failing.</summary>
    public bool SkipMissingDependencies { get; init; }

    /// <summary>Packages that are there although no command has their name: those that were built before, for example.</summary>
    public IReadOnlySet<string> LocalPackages { get; init; } = new HashSet<string>();

    /// <summary>Changes to the caller's environment for all that a build runs; a null value removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// The time that everything in an archive carries, and <c>SOURCE_DATE_EPOCH</c> of the functions. Null (the default)
    /// is <c>$SOURCE_DATE_EPOCH</c>, else when the PKGBUILD or a local source was last changed.
    /// </summary>
    public DateTimeOffset? SourceDate { get; init; }

    /// <summary>From the first signal to SIGKILL when a build is cancelled. Null (the default) is <c>$CANCEL_TIMEOUT_MS</c>, else 500 ms.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>How patient downloads are.</summary>
    public DownloadOptions Download { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
