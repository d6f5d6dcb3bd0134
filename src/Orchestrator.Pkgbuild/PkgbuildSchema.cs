namespace Orchestrator.Pkgbuild;

/// <summary>Names of the fields that a PKGBUILD can set, in makepkg's order (<c>PKGBUILD(5)</c>).</summary>
public static class PkgbuildSchema
{
    /// <summary>The sums of sources, <c>cksums</c> to <c>b2sums</c>.</summary>
    public static IReadOnlyList<string> Sums { get; } =
        ["cksums", "md5sums", "sha1sums", "sha224sums", "sha256sums", "sha384sums", "sha512sums", "b2sums"];

    /// <summary>Fields that hold one value.</summary>
    public static IReadOnlyList<string> Strings { get; } =
        ["changelog", "epoch", "install", "pkgbase", "pkgdesc", "pkgrel", "pkgver", "url"];

    /// <summary>Fields that hold any number of values; <c>pkgname</c> is not among them, since it may be either.</summary>
    public static IReadOnlyList<string> Arrays { get; } =
    [
        "arch", "backup", "checkdepends", "conflicts", "depends", "groups", "license", "makedepends", "noextract",
        "optdepends", "options", "provides", "replaces", "source", "validpgpkeys", .. Sums,
    ];

    /// <summary>Arrays that can have a part for one architecture: <c>depends_x86_64</c>.</summary>
    public static IReadOnlyList<string> ArchitectureArrays { get; } =
        ["checkdepends", "conflicts", "depends", "makedepends", "optdepends", "provides", "replaces", "source", .. Sums];

    /// <summary>Fields that a <c>package_NAME()</c> can override.</summary>
    public static IReadOnlyList<string> Overrides { get; } =
    [
        "pkgdesc", "arch", "url", "license", "groups", "depends", "optdepends", "provides", "conflicts", "replaces",
        "backup", "options", "install", "changelog",
    ];
}
