namespace Orchestrator.Pkgbuild.Tests;

public class DependencyOrderTests
{
    [Fact]
    public async Task Each_package_comes_after_those_that_it_needs()
    {
        await Check(
            "lib tool app checker zebra",
            "pkgname=app; depends=(lib); makedepends=('tool>=1')",
            "pkgname=checker; checkdepends=(app)",
            "pkgname=tool; depends=(lib glibc)",
            "pkgname=zebra; arch=(any)",
            "pkgname=lib");
    }

    [Fact]
    public async Task Packages_that_need_nothing_of_each_other_are_in_the_order_of_their_names()
    {
        await Check("B a b c", "pkgname=c", "pkgname=a", "pkgname=B", "pkgname=b");
    }

    [Fact]
    public async Task What_is_provided_counts_as_the_package_that_provides_it()
    {
        await Check("zlib-ng app", "pkgname=app; depends=('zlib=1.3')", "pkgname=zlib-ng; provides=('zlib=1.3')");
        await Check("z app", "pkgname=app; depends=(virtual)", "pkgname=(z); package_z() {\n  provides=(virtual)\n}");
    }

    [Fact]
    public async Task A_package_of_the_very_name_is_preferred_to_those_that_provide_it()
    {
        // Were foo-git meant, this would be a circle.
        await Check("foo app foo-git", "pkgname=app; depends=(foo)", "pkgname=foo", "pkgname=foo-git; provides=(foo); depends=(app)");
    }

    [Fact]
    public async Task Of_several_that_provide_something_those_with_an_accepted_version_are_meant()
    {
        await Check(
            "new app old", "pkgname=app; depends=('virtual>=2')", "pkgname=old; provides=(virtual=1); depends=(app)", "pkgname=new; provides=(virtual=2)");
    }

    [Fact]
    public async Task A_version_that_is_not_accepted_does_not_undo_the_order()
    {
        await Check("zlib app", "pkgname=app; depends=('zlib>=9')", "pkgname=zlib");
    }

    [Fact]
    public async Task Packages_of_one_file_may_need_each_other()
    {
        await Check(
            "suite app",
            "pkgname=app; depends=(suite-libs)",
            "pkgbase=suite; pkgname=(suite-bin suite-libs)\npackage_suite-bin() {\n  depends=(suite-libs)\n}\npackage_suite-libs() {\n  depends=(suite-bin)\n}");
    }

    [Fact]
    public async Task What_one_architecture_needs_counts_for_that_one()
    {
        string[] texts = ["pkgname=a; arch=(x86_64 aarch64); depends_aarch64=(b)", "pkgname=b; arch=(x86_64 aarch64)"];

        Assert.Equal("a b", Names(DependencyOrder.Sort(await ReadAsync(texts), "x86_64")));
        Assert.Equal("b a", Names(DependencyOrder.Sort(await ReadAsync(texts), "aarch64")));
    }

    [Fact]
    public async Task A_circle_is_one_clear_error_that_names_it()
    {
        var pkgbuilds = await ReadAsync(
            "pkgname=outside; depends=(c)", "pkgname=b\ndepends=('c>=1')", "pkgname=c; makedepends=(virtual)", "pkgname=a; provides=(virtual); checkdepends=(b)");

        var error = Assert.Throws<PkgbuildException>(() => DependencyOrder.Sort(pkgbuilds));

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.Equal(
            "packages need each other in a circle: a needs b (checkdepends), b needs c (depends), c needs a (makedepends); one of these must go",
            error.Message);
        Assert.Equal(pkgbuilds[3].Path, error.File);
    }

    [Fact]
    public async Task Two_packages_of_one_name_are_one_clear_error_that_names_both_files()
    {
        var pkgbuilds = await ReadAsync("pkgname=same", "pkgbase=other\npkgname=(x same)");

        var error = Assert.Throws<PkgbuildException>(() => DependencyOrder.Sort(pkgbuilds));

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.Equal([pkgbuilds[0].Path, pkgbuilds[1].Path], pkgbuilds.Select(pkgbuild => pkgbuild.Path)
            .Where(path => error.CanonicalMessage.Contains(path, StringComparison.Ordinal)));
        Assert.Contains("'same'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_twice_counts_once()
    {
        using PkgbuildFolder folder = new("pkgname=a\n");

        Assert.Equal("a", Names(DependencyOrder.Sort([await folder.ReadAsync(), await folder.ReadAsync()])));
    }

    [Fact]
    public async Task The_order_does_not_depend_on_that_of_the_input()
    {
        var pkgbuilds = await ReadAsync("pkgname=a; depends=(d)", "pkgname=b; depends=(c)", "pkgname=c", "pkgname=d", "pkgname=e; depends=(a b)");
        var expected = Names(DependencyOrder.Sort(pkgbuilds));

        Assert.Equal("c b d a e", expected);
        Assert.All(Enumerable.Range(0, 5), shift => Assert.Equal(expected, Names(DependencyOrder.Sort([.. pkgbuilds[shift..], .. pkgbuilds[..shift]]))));
    }

    private static async Task Check(string expected, params string[] texts) =>
        Assert.Equal(expected, Names(DependencyOrder.Sort(await ReadAsync(texts))));

    private static Task<Pkgbuild[]> ReadAsync(params string[] texts) =>
        Task.WhenAll(texts.Select(text => PkgbuildFolder.ReadAsync($"pkgver=1\npkgrel=1\n{text}\n")));

    private static string Names(IEnumerable<Pkgbuild> pkgbuilds) => string.Join(' ', pkgbuilds.Select(pkgbuild => pkgbuild.BaseName));
}
