using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Pkgbuild;

/// <summary>Exit codes of <c>makepkg(8)</c>, kept so that scripts written for it go on working.</summary>
[SuppressMessage("Design", "CA1027:Mark enums with FlagsAttribute", Justification = "Exit codes are numbers, not bits.")]
public enum MakepkgExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>Failed for a reason with no code of its own.</summary>
    Failure = 1,

    /// <summary>The configuration is wrong.</summary>
    ConfigurationError = 2,

    /// <summary>An option is wrong.</summary>
    InvalidOption = 3,

    /// <summary>A function of the PKGBUILD failed.</summary>
    FunctionFailed = 4,

    /// <summary>A file is missing.</summary>
    MissingFile = 6,

    /// <summary>Dependencies are missing.</summary>
    MissingDependencies = 8,

    /// <summary>Refused to run as root.</summary>
    RunAsRoot = 10,

    /// <summary>No permission to write where it must.</summary>
    NoPermission = 11,

    /// <summary>The PKGBUILD is wrong.</summary>
    PkgbuildError = 12,

    /// <summary>The package is built already.</summary>
    AlreadyBuilt = 13,

    /// <summary>A tool is missing.</summary>
    MissingTool = 15,
}
