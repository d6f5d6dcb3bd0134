namespace Orchestrator.Pkgbuild;

/// <summary>
/// Tells, as far as the machine can, whether a dependency is there: a local package, a command, a library or a
/// pkg-config file of that name. Versions are not looked at.
/// </summary>
internal sealed class DependencyCheck(ToolPath tools, LibraryPath libraries, IReadOnlySet<string> localPackages)
{
    // Packages of Arch whose commands have other names. All of a group are needed; one of those with a bar is enough.
    private static readonly Dictionary<string, string> Commands = new(StringComparer.Ordinal)
    {
        ["base-devel"] = "gcc make",
        ["binutils"] = "ld",
        ["coreutils"] = "ls",
        ["cuda"] = "nvcc",
        ["diffutils"] = "diff",
        ["dotnet-sdk"] = "dotnet",
        ["dotnet-runtime"] = "dotnet",
        ["findutils"] = "find",
        ["gettext"] = "msgfmt",
        ["gnupg"] = "gpg",
        ["imagemagick"] = "magick|convert",
        ["iproute2"] = "ip",
        ["java-environment"] = "javac",
        ["java-runtime"] = "java",
        ["jdk-openjdk"] = "javac",
        ["jre-openjdk"] = "java",
        ["libarchive"] = "bsdtar",
        ["llvm"] = "llvm-config",
        ["mercurial"] = "hg",
        ["nodejs"] = "node",
        ["openssh"] = "ssh",
        ["p7zip"] = "7z",
        ["pkgconf"] = "pkgconf|pkg-config",
        ["procps-ng"] = "ps",
        ["protobuf"] = "protoc",
        ["python"] = "python3|python",
        ["rust"] = "rustc cargo",
        ["subversion"] = "svn",
        ["texinfo"] = "makeinfo",
        ["typescript"] = "tsc",
        ["util-linux"] = "mount",
    };

    private static readonly Dictionary<string, string> Libraries = new(StringComparer.Ordinal)
    {
        ["gcc-libs"] = "libgcc_s",
        ["glibc"] = "libc",
        ["zlib"] = "libz",
    };

    /// <summary>Requires all that a build needs.</summary>
    /// <exception cref="MissingDependenciesException">Names everything that is missing.</exception>
    internal void Require(Pkgbuild pkgbuild, string architecture, bool check)
    {
        // Not depends: what a package needs to run need not be where it is built, and only a package manager could tell.
        string[] arrays = check ? ["makedepends", "checkdepends"] : ["makedepends"];
        var missing = arrays
            .SelectMany(array => pkgbuild.Fields.Array(array, architecture).Select(dependency => (array, dependency)))
            .Where(entry => !IsThere(Dependency.Parse(entry.dependency).Name, pkgbuild))
            .DistinctBy(entry => entry.dependency, StringComparer.Ordinal)
            .ToList();
        if (missing.Count > 0)
        {
            throw new MissingDependenciesException(pkgbuild, missing[0].array, [.. missing.Select(entry => entry.dependency)]);
        }
    }

    private bool IsThere(string name, Pkgbuild pkgbuild) =>
        localPackages.Contains(name)
        || pkgbuild.Names.Contains(name, StringComparer.Ordinal)
        || Commands.GetValueOrDefault(name, name).Split(' ').All(IsCommand)
        || libraries.Contains(Libraries.GetValueOrDefault(name, name));

    private bool IsCommand(string alternatives) => alternatives.Split('|').Any(command => tools.Find(command) is not null);
}
