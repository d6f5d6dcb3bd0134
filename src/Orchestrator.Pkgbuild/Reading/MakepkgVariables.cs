namespace Orchestrator.Pkgbuild;

/// <summary>makepkg's own variables, which a PKGBUILD can see: some write another <c>.SRCINFO</c> than they build.</summary>
internal static class MakepkgVariables
{
    private static readonly string[] Flags =
    [
        "ASDEPS", "BUILDFUNC", "CHECKFUNC", "CLEANBUILD", "CLEANUP", "DEP_BIN", "FORCE", "GENINTEG", "HOLDVER", "INFAKEROOT", "INSTALL", "LOGGING",
        "NEEDED", "NOARCHIVE", "NOBUILD", "NODEPS", "NOEXTRACT", "PKGFUNC", "PKGVERFUNC", "PREPAREFUNC", "REPKG", "RMDEPS", "SKIPCHECKSUMS",
        "SKIPPGPCHECK", "SPLITPKG", "SOURCEONLY", "VERIFYSOURCE",
    ];

    /// <summary>Names and values, as they are while the PKGBUILD is read.</summary>
    /// <param name="isForSrcInfo">Whether makepkg was asked for <c>--printsrcinfo</c>, as against for a build.</param>
    internal static IEnumerable<KeyValuePair<string, string>> Get(bool isForSrcInfo)
    {
        foreach (var name in Flags)
        {
            yield return new(name, "0");
        }

        yield return new("SIGNPKG", "");
        yield return new("BUILDSCRIPT", "PKGBUILD");
        yield return new("BUILDPKG", isForSrcInfo ? "0" : "1");
        yield return new("IGNOREARCH", isForSrcInfo ? "1" : "0");
        if (isForSrcInfo)
        {
            yield return new("PRINTSRCINFO", "1");
        }
    }
}
