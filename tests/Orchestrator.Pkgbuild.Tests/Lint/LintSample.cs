namespace Orchestrator.Pkgbuild.Tests;

/// <summary>PKGBUILDs with one fault each.</summary>
public static class LintSample
{
    private const string Names = "pkgname=sample\n";
    private const string Version = "pkgver=1.0\npkgrel=1\n";
    private const string Any = "arch=(any)\n";
    private const string Intel = "arch=(x86_64)\n";
    private const string Head = Names + Version + Any;
    private const string IntelHead = Names + Version + Intel;
    private const string Sha256 = "0123456789abcdef0123456789abcdef0123456789ABCDEF0123456789abcdef";

    /// <summary>What makepkg refuses, whatever it is to do: text, rule, line and part of the message.</summary>
    public static TheoryData<string, string, int, string> Fatal => new()
    {
        { Version + Any, "pkgname", 1, "pkgname is missing" },
        { "pkgname=\n" + Version + Any, "pkgname", 1, "pkgname is missing" },
        { "pkgname=()\n" + Version + Any, "pkgname", 1, "pkgname is missing" },
        { "pkgname=-x\n" + Version + Any, "pkgname", 1, "'-x' begins with '-'" },
        { "pkgname=.x\n" + Version + Any, "pkgname", 1, "'.x' begins with '.'" },
        { "pkgname='a b'\n" + Version + Any, "pkgname", 1, "'a b' contains ' '" },
        { "pkgname=$'a\\nb'\n" + Version + Any, "pkgname", 1, "'a\\nb' contains '\\n'" },
        { "pkgname=ä\n" + Version + Any, "pkgname", 1, "'ä' contains 'ä'" },
        { Head + "pkgbase=a/b\n", "pkgbase", 5, "pkgbase 'a/b' contains '/'" },
        { Names + "pkgrel=1\n" + Any, "pkgver", 1, "pkgver is missing" },
        { Names + "pkgver=1-2\npkgrel=1\n" + Any, "pkgver", 2, "'1-2' contains '-'" },
        { Names + "pkgver=1:2\npkgrel=1\n" + Any, "pkgver", 2, "'1:2' contains ':'" },
        { Names + "pkgver=1/2\npkgrel=1\n" + Any, "pkgver", 2, "'1/2' contains '/'" },
        { Names + "pkgver='1 2'\npkgrel=1\n" + Any, "pkgver", 2, "'1 2' contains ' '" },
        { Names + "pkgver=1é\npkgrel=1\n" + Any, "pkgver", 2, "'1é' contains 'é'" },
        { Names + "pkgver=1\n" + Any, "pkgrel", 1, "pkgrel is missing" },
        { Names + "pkgver=1\npkgrel=1.2.3\n" + Any, "pkgrel", 3, "'1.2.3' is not of the form N or N.N" },
        { Names + "pkgver=1\npkgrel=1.\n" + Any, "pkgrel", 3, "'1.' is not" },
        { Names + "pkgver=1\npkgrel=a\n" + Any, "pkgrel", 3, "'a' is not" },
        { Head + "epoch=-1\n", "epoch", 5, "'-1' is not a whole number" },
        { Names + Version + "arch=(any x86_64)\n", "arch", 4, "'any' stands alone" },
        { Names + Version + "arch=(x86_64 'a b')\n", "arch", 4, "arch has 'a b'" },
        { Names + Version + "arch=x86_64\n", "type", 4, "arch is a string; it must be an array" },
        { Head + "depends=glibc\n", "type", 5, "depends is a string; it must be an array: depends=(…)" },
        { IntelHead + "depends_x86_64=glibc\n", "type", 5, "depends_x86_64 is a string" },
        { Head + "pkgdesc=(a b)\n", "type", 5, "pkgdesc is an array; it must be a string" },
        { Head + "package() {\n  depends=glibc\n}\n", "type", 6, "package(): depends is a string" },
        { Head + "package() {\n  url=(x)\n}\n", "type", 6, "package(): url is an array" },
        { Head + "depends_any=(x)\n", "arch-specific", 5, "depends_any is set" },
        { IntelHead + "license_x86_64=(x)\n", "arch-specific", 5, "license cannot depend on the architecture" },
        { IntelHead + "package() {\n  pkgdesc_x86_64=x\n}\n", "arch-specific", 6, "package(): pkgdesc_x86_64 is set" },
        { Head + "build() { :; }\n", "package-function", 5, "package() is missing" },
        { Head + "package() { :; }\npackage_sample() { :; }\n", "package-function", 6, "are both there" },
        { "pkgname=(a b)\n" + Version + Any + "package_a() { :; }\n", "package-function", 1, "package_b() is missing" },
        { "pkgname=(a b)\n" + Version + Any + "package_a() { :; }\npackage_b() { :; }\npackage() { :; }\n", "package-function", 7, "must not be there" },
        { Head + "package() {\n  makedepends=(x)\n}\n", "package-variable", 6, "package(): makedepends is set" },
        { IntelHead + "package() {\n  makedepends_x86_64=(x)\n}\n", "package-variable", 6, "package(): makedepends_x86_64 is set" },
        { Head + "depends=('a b')\n", "depends", 5, "depends: 'a b': the name 'a b' contains ' '" },
        { Head + "depends=('')\n", "depends", 5, "depends: '': the name is empty" },
        { Head + "makedepends=('a>=1-x')\n", "makedepends", 5, "pkgrel 'x' is not" },
        { Head + "makedepends=('a>=')\n", "makedepends", 5, "pkgver is missing" },
        { Head + "checkdepends=('a=x:1')\n", "checkdepends", 5, "epoch 'x' is not" },
        { IntelHead + "conflicts_x86_64=('a<1 2')\n", "conflicts", 5, "conflicts_x86_64: 'a<1 2': pkgver '1 2' contains ' '" },
        { Head + "optdepends=('a:without a space')\n", "optdepends", 5, "contains ':'" },
        { Head + "provides=('a=1<2')\n", "provides", 5, "use NAME or NAME=VERSION" },
        { Head + "provides=('a=b=1')\n", "provides", 5, "the name 'a=b' contains '='" },
        { Head + "provides=('a>=1')\n", "provides", 5, "use NAME or NAME=VERSION" },
        { Head + "package() {\n  depends+=('-x')\n}\n", "depends", 6, "package(): depends: '-x'" },
        { Head + "source=([0]=a [2]=b)\nsha256sums=(SKIP SKIP)\n", "sparse", 5, "source has gaps" },
        { Head + "backup=(/etc/x)\n", "backup", 5, "'/etc/x' begins with '/'" },
        { Head + "package() {\n  backup=(/etc/x)\n}\n", "backup", 6, "package(): backup: '/etc/x'" },
        { Head + "options=(stripp)\n", "options", 5, "'stripp' is unknown" },
        { Head + "install=none.install\n", "install", 5, "install file 'none.install' does not exist" },
        { Head + "package() {\n  changelog=none\n}\n", "changelog", 6, "package(): changelog file 'none' does not exist" },
    };

    /// <summary>What makepkg refuses to build only, or stumbles over: text, rule, line and part of the message.</summary>
    public static TheoryData<string, string, int, string> Error => new()
    {
        { Names + Version, "arch", 1, "arch is missing" },
        { Names + Version + "arch=(ä)\n", "arch", 4, "arch has 'ä'" },
        { Head + "package() {\n  arch=(x86_64)\n  license_x86_64=(a)\n}\n", "arch-specific", 7, "package(): license_x86_64 is set" },
        { Head + "source=(a)\n", "sums", 5, "source has no sums; add sha256sums=(…)" },
        { Head + "source=(a b)\nsha256sums=(SKIP)\n", "sums", 6, "sha256sums has 1 member, but source has 2 members" },
        { Head + "source=(a)\nb2sums=(SKIP SKIP)\n", "sums", 6, "b2sums has 2 members, but source has 1 member" },
        { Head + "md5sums=(SKIP)\n", "sums", 5, "md5sums has 1 member, but source has 0 members" },
        { IntelHead + "source_x86_64=(a)\nsha256sums=()\n", "sums", 5, "source_x86_64 has no sums; add sha256sums_x86_64=(…)" },
        { Head + $"source=(a)\nmd5sums=({Sha256})\n", "sums", 6, "it must be 32 hexadecimal digits, or SKIP" },
        { Head + "source=(a)\ncksums=(x)\n", "sums", 6, "it must be a decimal number, or SKIP" },
        { Head + "source=(svn+https://example.org/x)\nmd5sums=(SKIP)\n", "source", 5, "source: Unknown download protocol 'svn+https'" },
        { IntelHead + "source_x86_64=(a/b)\nmd5sums_x86_64=(SKIP)\n", "source", 5, "source_x86_64: Source 'a/b' is neither" },
        { Head + "license=('')\n", "empty", 5, "license has an empty member" },
        { Head + "depends=([1]=a)\n", "sparse", 5, "depends has gaps" },
        { Head + "replaces=('a b')\n", "replaces", 5, "the name 'a b' contains ' '" },
        { "pkgname=(a a)\n" + Version + Any + "package_a() { :; }\n", "pkgname", 1, "'a' more than once" },
    };

    /// <summary>What is in order.</summary>
    public static TheoryData<string> Clean =>
    [
        Head,
        Head + "pkgrel=12.3\nepoch=\npkgbase=a+b.c_d@e\n",
        Head + $"source=(a b)\nsha256sums=(SKIP {Sha256})\nb2sums=(SKIP SKIP)\ncksums=(SKIP 4294967295)\n",
        Head + "install=PKGBUILD\nchangelog=PKGBUILD\nbackup=(etc/x)\noptions=(!strip debug)\n",
        Head + "depends=('a=' 'libx.so=1-64' 'b>=1:2-3.4')\noptdepends=('a: b: c' 'd>=1: e')\nprovides=('a=1:2-3' b)\n",
        "pkgname=(a b)\n" + Version + IntelHead[^Intel.Length..] + "package_a() {\n  arch=(any)\n  depends+=(c)\n}\npackage_b() { :; }\n",
        Names + Version + "arch=(x86_64 sparc)\nsource_sparc=(svn+https://example.org/x)\nb2sums_sparc=(SKIP)\n",
        IntelHead + "source_x86_64=(a)\nsha256sums_x86_64=(SKIP)\ndepends_x86_64=(b)\n",
    ];
}
