namespace Orchestrator.Pkgbuild.Tests;

/// <summary>PKGBUILDs for every check of makepkg's lint library, by the name of its file.</summary>
public static class MakepkgRules
{
    private const string Names = "pkgname=sample\n";
    private const string Version = "pkgver=1.0\npkgrel=1\n";
    private const string Any = "arch=(any)\n";
    private const string Head = Names + Version + Any;
    private const string IntelHead = Names + Version + "arch=(x86_64)\n";

    /// <summary>Each file that has a check.</summary>
    public static IReadOnlyDictionary<string, MakepkgRule> ByFile { get; } = new Dictionary<string, MakepkgRule>
    {
        ["arch.sh"] = new(
            [Names + Version + "arch=(any x86_64)\n", Names + Version + "arch=(any any)\n", Names + Version + "arch=(x86_64 'a-b')\n"],
            [Head, IntelHead, Names + Version, Names + Version + "arch=(ä)\n", Names + Version + "arch=(x86_64 '')\n", IntelHead + Package("arch=('a b')")]),
        ["arch_specific.sh"] = new(
            [
                Head + "depends_any=(a)\n", Head + "license_any=(a)\n", IntelHead + "license_x86_64=(a)\n", IntelHead + "pkgver_x86_64=1\n",
                Head + Package("depends_any=(a)"), IntelHead + Package("license_x86_64=(a)"), IntelHead + Package("pkgdesc_x86_64=a"),
            ],
            [
                IntelHead + "license_i686=(a)\n", IntelHead + "depends_x86_64=(a)\n" + Package("depends_x86_64=(b)"),
                Head + Package("arch=(x86_64)\n  license_x86_64=(a)"), IntelHead + Package("arch=(any)\n  depends_any=(a)"),
            ]),
        ["backup.sh"] = new([Head + "backup=(/x)\n", Head + Package("backup+=(/x)")], [Head + "backup=(x/ '')\n"]),
        ["changelog.sh"] = new(
            [Head + "changelog=none\n", Head + "changelog=.\n", Head + "changelog=/dev/null\n", Head + Package("changelog=$pkgname.log")],
            [Head + "changelog=PKGBUILD\n" + Package("changelog="), Head + Package("changelog=PKGBUILD")]),
        ["checkdepends.sh"] = new([Head + "checkdepends=('a b')\n", Head + "checkdepends=('a>=')\n"], [Head + "checkdepends=('a>=1')\n"]),
        ["conflicts.sh"] = new(
            [Head + "conflicts=('-a')\n", Head + "conflicts=('a<1-x')\n", IntelHead + Package("conflicts_x86_64=('')")],
            [Head + "conflicts=('a<1' 'b<>1')\n"]),
        ["depends.sh"] = new(
            [Head + "depends=('a b')\n", Head + "depends=('a?=1')\n", Head + "depends=('a>=1 2')\n", IntelHead + "depends_x86_64=('a b')\n", Head + Package("depends+=('a b')")],
            [Head + "depends=('a>=' 'b==1' 'c=>1' 'd=b=1' libx.so=1-64)\n", IntelHead + "depends_i686=('a b')\n", Head + Package("arch=(x86_64)\n  depends_x86_64=('a b')")]),
        ["epoch.sh"] = new([Head + "epoch=-1\n", Head + "epoch=1.0\n"], [Head + "epoch=\n", Head + "epoch=10\n"]),
        ["fullpkgver.sh"] = new(
            [Head + "depends=('a=x:1')\n", Head + "depends=('a=1-')\n", Head + "depends=('a=1:')\n", Head + "depends=('a=-1')\n", Head + "depends=('a=1:2:3')\n"],
            [Head + "depends=('a=1:2-3.4' 'b=:1')\n"]),
        ["install.sh"] = new(
            [Head + "install=none\n", Head + "install=/dev/null\n", Head + Package("install=none")],
            [Head + "install=PKGBUILD\n", Head + "install=\n"]),
        ["makedepends.sh"] = new([Head + "makedepends=('a/b')\n", Head + "makedepends=('a>=1-x')\n"], [Head + "makedepends=('a>=1:1-1')\n"]),
        ["optdepends.sh"] = new(
            [Head + "optdepends=('a:b')\n", Head + "optdepends=('a:\u00a0b')\n", Head + "optdepends=('a>=: b')\n", Head + Package("optdepends=(': b')")],
            [Head + "optdepends=('a: b: c' 'd>=1: e' $'f:\\tg' h)\n"]),
        ["options.sh"] = new(
            [Head + "options=(stripp)\n", Head + "options=('!!strip')\n", Head + Package("options+=('')")],
            [
                Head + "options=(strip debug docs libtool staticlibs emptydirs zipman purge buildflags makeflags lto)\n",
                Head + "options=(!strip !debug !docs !libtool !staticlibs !emptydirs !zipman !purge !ccache !distcc !buildflags !makeflags !lto)\n",
            ]),
        ["package_function.sh"] = new(
            [
                Head + "package() { :; }\npackage_sample() { :; }\n", Head + "build() { :; }\n",
                "pkgname=(a b)\n" + Version + Any + "package() { :; }\npackage_a() { :; }\npackage_b() { :; }\n",
                "pkgname=(a b)\n" + Version + Any + "package_a() { :; }\n",
            ],
            [
                Head + "package_other() { :; }\n", Head + "build() { :; }\npackage_sample() { :; }\n",
                "pkgname=(a b)\n" + Version + Any + "package_a() { :; }\npackage_b() { :; }\n",
            ]),
        ["package_function_variable.sh"] = new(
            [IntelHead + Package("makedepends_x86_64=(a)"), Head + Package("makedepends=(a)"), Head + Package("if true; then\n    pkgver=1\n  fi")],
            [Head + Package("local makedepends=(a)"), Head + Package("arch=(x86_64)\n  makedepends_x86_64=(a)")]),
        ["pkgbase.sh"] = new([Head + "pkgbase=a/b\n", Head + "pkgbase=-a\n"], [Head + "pkgbase=\n", Head + "pkgbase=_a\n"]),
        ["pkgname.sh"] = new(
            [
                Version + Any, "pkgname=()\n" + Version + Any, "pkgname=-a\n" + Version + Any, "pkgname=.a\n" + Version + Any, "pkgname=ä\n" + Version + Any,
                "pkgname='a b'\n" + Version + Any, "pkgname=('' '')\n" + Version + Any + "package_() { :; }\n",
            ],
            ["pkgname=A_+@.-9\n" + Version + Any, "pkgname=(a a)\n" + Version + Any + "package_a() { :; }\n"]),
        ["pkgrel.sh"] = new(
            [Names + "pkgver=1\n" + Any, Names + "pkgver=1\npkgrel=1.2.3\n" + Any, Names + "pkgver=1\npkgrel=.1\n" + Any],
            [Names + "pkgver=1\npkgrel=0.10\n" + Any]),
        ["pkgver.sh"] = new(
            [Names + "pkgrel=1\n" + Any + "pkgver() { echo 1; }\n", Names + "pkgver=a:b\npkgrel=1\n" + Any, Names + "pkgver=$'a\\tb'\npkgrel=1\n" + Any, Names + "pkgver=é\npkgrel=1\n" + Any],
            [Names + "pkgver='1_2+3~4$'\npkgrel=1\n" + Any]),
        ["provides.sh"] = new(
            [
                Head + "provides=('a>=1')\n", Head + "provides=('a=1<2')\n", Head + "provides=('a=b=1')\n", Head + "provides=('a==1')\n", Head + "provides=('a=')\n",
                Head + "provides=('a b')\n", Head + Package("provides=('a=1 2')"),
            ],
            [Head + "provides=('a=1:2-3' b)\n", Head + "replaces=('a b')\n"]),
        ["source.sh"] = new(
            [Head + "source=([1]=a)\nmd5sums=(SKIP)\n"],
            [Head + "depends=([1]=a)\n", Head + "source=(a '')\n", IntelHead + "source_x86_64=([1]=a)\nmd5sums_x86_64=(SKIP)\n"]),
        ["variable.sh"] = new(
            [
                Head + "license=a\n", Head + "b2sums=a\n", IntelHead + "depends_x86_64=a\n", Head + "url=(a)\n", Head + "pkgdesc=()\n",
                Head + Package("groups=a"), IntelHead + Package("provides_x86_64+=a"), Head + Package("url=(a)"), Names + Version + "arch=x86_64\n",
            ],
            [Head + "pkgname=(sample)\n", Head + "declare -r pkgdesc=a\n", Head + Package("arch=(x86_64)\n  depends_x86_64=a")]),
    };

    private static string Package(string line) => $"package() {{\n  :\n  {line}\n}}\n";
}
