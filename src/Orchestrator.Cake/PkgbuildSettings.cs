using Cake.Core;
using Cake.Core.IO;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cake;

/// <summary>How packages are built.</summary>
public sealed class PkgbuildSettings
{
    /// <summary>Where archives and installed trees go. Null (the default) is <c>$PKGDEST</c>, else <c>out</c> beside each PKGBUILD.</summary>
    public DirectoryPath? OutputDirectory { get; set; }

    /// <summary>Where downloads are kept. Null (the default) is <c>$SRCDEST</c>, else the user's cache folder.</summary>
    public DirectoryPath? SourceCache { get; set; }

    /// <summary>Names of those packages of a folder that are built, each a folder in it. The default is all.</summary>
    public ICollection<string> Packages { get; } = [];

    /// <summary>Whether packages are built that are up to date. The default is false.</summary>
    public bool Force { get; set; }

    /// <summary>Whether <c>check()</c> is passed over. The default is false.</summary>
    public bool NoCheck { get; set; }

    /// <summary>Whether signatures of sources are passed over; their sums are checked all the same. The default is false.</summary>
    public bool SkipPgpCheck { get; set; }

    /// <summary>Whether a new version that <c>pkgver()</c> prints is written into the PKGBUILD. The default is false.</summary>
    public bool UpdatePkgVer { get; set; }

    /// <summary>Whether everything is compiled anew, and nothing kept for a next build. The default is false.</summary>
    public bool NoBuildCache { get; set; }

    /// <summary>Whether the work directory of a failed build stays. That of a cancelled one never does. The default is false.</summary>
    public bool Keep { get; set; }

    /// <summary>Whether packages are built although dependencies seem to be missing. The default is false.</summary>
    public bool IgnoreDependencies { get; set; }

    /// <summary>Whether packages whose dependencies are missing are passed over instead of failing the task. The default is false.</summary>
    public bool SkipMissingDependencies { get; set; }

    /// <summary>Changes to the environment of all that a build runs; null removes a variable.</summary>
    public IDictionary<string, string?> EnvironmentVariables { get; } = new Dictionary<string, string?>();

    /// <summary>From the first signal to SIGKILL when a build is aborted. Null (the default) is <c>CANCEL_TIMEOUT_MS</c> from the environment, else 500 ms.</summary>
    public TimeSpan? GracePeriod { get; set; }

    /// <summary>The same for the library.</summary>
    /// <param name="environment">What relative paths are relative to.</param>
    /// <returns>The options.</returns>
    public BuildOptions ToBuildOptions(ICakeEnvironment environment) => new()
    {
        OutputDirectory = OutputDirectory?.MakeAbsolute(environment).FullPath,
        SourceCache = SourceCache?.MakeAbsolute(environment).FullPath,
        Force = Force,
        NoCheck = NoCheck,
        SkipPgpCheck = SkipPgpCheck,
        UpdatePkgVer = UpdatePkgVer,
        NoBuildCache = NoBuildCache,
        Keep = Keep,
        IgnoreDependencies = IgnoreDependencies,
        SkipMissingDependencies = SkipMissingDependencies,
        Environment = EnvironmentVariables.ToDictionary(variable => variable.Key, variable => variable.Value),
        GracePeriod = GracePeriod,
    };
}
