using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

public class SrcInfoTests
{
    private const string Everything =
        """
        pkgbase=suite
        pkgname=(suite suite-libs suite-docs)
        pkgver=1.2.3.r4.gabcdef
        pkgrel=1.1
        epoch=2
        pkgdesc="  A  suite of	tools "
        url='https://example.org/?a=b&c=%20'
        arch=(x86_64 aarch64)
        license=('MIT' 'LicenseRef-Some License')
        groups=(tools)
        depends=('glibc>=2.36' 'libfoo.so=1-64')
        depends_x86_64=(lib32-glibc)
        makedepends=(git cmake)
        makedepends_aarch64=(qemu)
        checkdepends=(python)
        optdepends=('foo: for foo: really' 'bar>=2: with bar' 'baz')
        provides=("virtual=$pkgver")
        conflicts=('suite-git')
        replaces=('old-suite<1')
        options=(!strip 'debug')
        backup=(etc/suite.conf)
        source=("a.tar.gz::https://example.org/a-$pkgver.tar.gz" 'local file.patch')
        source_x86_64=("x.bin")
        noextract=(x.bin)
        validpgpkeys=(0123456789ABCDEF0123456789ABCDEF01234567)
        sha256sums=(SKIP SKIP)
        sha256sums_x86_64=(SKIP)
        b2sums=(SKIP SKIP)
        b2sums_x86_64=(SKIP)
        build() { :; }
        package_suite() {
          depends+=(suite-libs)
          optdepends=()
          pkgdesc="The $pkgname"
          install=
          url=''
        }
        package_suite-libs() {
          arch=(x86_64)
          depends_x86_64+=(more)
          depends_aarch64=(not-this-architecture)
          backup=('')
        }
        package_suite-docs() {
          arch=('any')
          depends_x86_64=(not-for-any)
          license=("two
        lines" second)
        }

        """;

    public static TheoryData<string> Samples =>
    [
        Everything,
        PkgbuildFolder.Minimum,
        PkgbuildFolder.Minimum + "epoch=0\npkgdesc=''\ndepends=()\nlicense=('' ' ' x)\n",
        PkgbuildFolder.Minimum + "pkgdesc=$' a\\u00a0b\\u2003\\u3000c\\n\\nd\\t'\nlicense=(\"100 %s \\\\n\" '$(x)' 'ñ 日本 🦀')\n",
        PkgbuildFolder.Minimum + "pkgname=(sample)\npackage_sample() {\n  pkgdesc+=x\n  license=(a b)\n  groups=()\n}\n",
        PkgbuildFolder.Minimum + "pkgbase=base\ndepends=(a)\npackage() {\n  depends=(\"${depends[@]}\" b)\n  depends+=(c)\n}\n",
        PkgbuildFolder.Minimum + "depends=('a=1:2-3' 'b<3' 'c>4' 'd<=5' 'e=' 'libx.so')\nprovides=('libx.so=1-64')\noptdepends=('x: y: z')\n",
        "pkgname=x\npkgver=1\npkgrel=1\narch=(x86_64 armv7h)\nsource_armv7h=(a)\nmd5sums_armv7h=(SKIP)\ncksums_armv7h=(SKIP)\nsha1sums_x86_64=()\n",
        "pkgname=x\npkgver=1\npkgrel=1\narch=(x86_64)\npackage() {\n  arch+=(i686)\n  depends_i686=(a)\n}\n",
        "pkgname=x\npkgver=1\npkgrel=1\narch=(x86_64 x86_64)\ndepends_x86_64=(a)\n",
        "pkgname=x\npkgver=1\npkgrel=1\narch=(any)\npackage() {\n  if true; then\n    pkgdesc='in if'\n  fi\n  local x; license=(one) groups=(two)\n  cat <<E\n  conflicts=(here)\nE\n}\n",
        "pkgname=x\npkgver=1\npkgrel=1\narch=(any)\nIFS=,\nset -f\npackage() {\n  license=(*)\n  pkgdesc=\"$(printf '%s' a,b)\"\n}\n",
    ];

    [Fact]
    public async Task A_split_package_is_written_as_makepkg_writes_it()
    {
        var text = SrcInfo.Write(await PkgbuildFolder.ReadAsync(Everything));

        Assert.Equal(
            """
            pkgbase = suite
            	pkgdesc = A suite of tools
            	pkgver = 1.2.3.r4.gabcdef
            	pkgrel = 1.1
            	epoch = 2
            	url = https://example.org/?a=b&c=%20
            	arch = x86_64
            	arch = aarch64
            	groups = tools
            	license = MIT
            	license = LicenseRef-Some License
            	checkdepends = python
            	makedepends = git
            	makedepends = cmake
            	depends = glibc>=2.36
            	depends = libfoo.so=1-64
            	optdepends = foo: for foo: really
            	optdepends = bar>=2: with bar
            	optdepends = baz
            	provides = virtual=1.2.3.r4.gabcdef
            	conflicts = suite-git
            	replaces = old-suite<1
            	noextract = x.bin
            	options = !strip
            	options = debug
            	backup = etc/suite.conf
            	source = a.tar.gz::https://example.org/a-1.2.3.r4.gabcdef.tar.gz
            	source = local file.patch
            	validpgpkeys = 0123456789ABCDEF0123456789ABCDEF01234567
            	sha256sums = SKIP
            	sha256sums = SKIP
            	b2sums = SKIP
            	b2sums = SKIP
            	source_x86_64 = x.bin
            	depends_x86_64 = lib32-glibc
            	sha256sums_x86_64 = SKIP
            	b2sums_x86_64 = SKIP
            	makedepends_aarch64 = qemu

            pkgname = suite
            	pkgdesc = The suite
            	url = 
            	install = 
            	depends = glibc>=2.36
            	depends = libfoo.so=1-64
            	depends = suite-libs
            	optdepends = 

            pkgname = suite-libs
            	arch = x86_64
            	backup = 
            	depends_x86_64 = lib32-glibc
            	depends_x86_64 = more

            pkgname = suite-docs
            	arch = any
            	license = MIT
            	license = LicenseRef-Some License

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task It_is_byte_for_byte_what_makepkg_prints(string pkgbuild)
    {
        using PkgbuildFolder folder = new(pkgbuild);

        await CompareAsync(folder.Path);
    }

    [Theory]
    [MemberData(nameof(SampleFolders.Names), MemberType = typeof(SampleFolders))]
    public async Task The_packages_of_this_repository_are_written_as_makepkg_writes_them(string name)
    {
        await CompareAsync(SampleFolders.PathOf(name));
    }

    private static async Task CompareAsync(string folder)
    {
        var (exitCode, expected, error) = await Makepkg.PrintSrcInfoAsync(folder);
        Assert.True(exitCode == 0, error);
        var pkgbuild = await PkgbuildReader.ReadAsync(folder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.DoesNotContain(PkgbuildLinter.Lint(pkgbuild), finding => finding.Severity == LintSeverity.Fatal);
        Assert.Equal(expected, SrcInfo.Write(pkgbuild));
    }
}
