namespace Orchestrator.Pkgbuild.Tests;

public class PkgbuildLinterTests
{
    [Theory]
    [MemberData(nameof(LintSample.Fatal), MemberType = typeof(LintSample))]
    public async Task What_makepkg_refuses_is_found_with_its_line(string text, string rule, int line, string message)
    {
        var finding = Assert.Single(PkgbuildLinter.Lint(await PkgbuildFolder.ReadAsync(text)), finding => finding.Severity == LintSeverity.Fatal);

        Assert.Equal((rule, line), (finding.Rule, finding.Line));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LintSample.Error), MemberType = typeof(LintSample))]
    public async Task What_cannot_be_built_is_found_with_its_line(string text, string rule, int line, string message)
    {
        var finding = Assert.Single(PkgbuildLinter.Lint(await PkgbuildFolder.ReadAsync(text)));

        Assert.Equal((LintSeverity.Error, rule, line), (finding.Severity, finding.Rule, finding.Line));
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(LintSample.Clean), MemberType = typeof(LintSample))]
    public async Task Nothing_is_found_where_nothing_is_wrong(string text)
    {
        using PkgbuildFolder folder = new(text);

        Assert.Empty(PkgbuildLinter.Lint(await folder.ReadAsync(), "x86_64"));
    }

    [Theory]
    [MemberData(nameof(SampleFolders.Names), MemberType = typeof(SampleFolders))]
    public async Task Nothing_is_found_in_the_packages_of_this_repository(string name)
    {
        Assert.Empty(PkgbuildLinter.Lint(await PkgbuildReader.ReadAsync(SampleFolders.PathOf(name), cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("source=(https://example.org/a.tar.gz)\nsha256sums=(SKIP)", true)]
    [InlineData("source=(https://example.org/a.tar.gz)\nsha256sums=(SKIP)\ncksums=(1)", false)]
    [InlineData("source=(https://example.org/a.tar.gz.sig git+https://example.org/a.git local)\nsha256sums=(SKIP SKIP SKIP)", false)]
    [InlineData("source=(https://example.org/a.tar.gz{,.sig})\nsha256sums=(SKIP SKIP)\nvalidpgpkeys=(0123)", false)]
    public async Task A_download_that_nothing_verifies_is_a_warning(string text, bool isWarned)
    {
        var findings = PkgbuildLinter.Lint(await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + text));

        Assert.Equal(
            isWarned ? ["(5,9): warning sums: source: 'https://example.org/a.tar.gz' is taken unverified: it has neither a sum nor a signature"] : [],
            findings.Select(finding => finding.ToString()[finding.File.Length..]));
    }

    [Fact]
    public async Task Everything_is_found_at_once_in_the_order_of_lines()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync("depends=('-x')\nsource=(a)\npkgver=1-1\npkgname=a/b\nbuild() { :; }\n");

        Assert.Equal(
            ["arch 1", "depends 1", "pkgrel 1", "sums 2", "pkgver 3", "pkgname 4", "package-function 5"],
            PkgbuildLinter.Lint(pkgbuild).Select(finding => $"{finding.Rule} {finding.Line}").Order(StringComparer.Ordinal).OrderBy(text => text[^1]));
    }

    [Fact]
    public async Task A_finding_is_written_as_MSBuild_and_editors_understand_it()
    {
        var finding = Assert.Single(PkgbuildLinter.Lint(await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "epoch=x\n")));

        Assert.Equal($"{finding.File}(5,1): error epoch: epoch 'x' is not a whole number", finding.ToString());
    }

    [Fact]
    public async Task What_a_package_function_only_adds_to_is_not_found_twice()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "depends=('a b')\npackage() {\n  depends+=(c)\n}\n");

        Assert.Equal(5, Assert.Single(PkgbuildLinter.Lint(pkgbuild)).Line);
    }

    [Fact]
    public async Task Another_architecture_is_an_error_only_if_it_is_to_be_built()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync("pkgname=a\npkgver=1\npkgrel=1\narch=(sparc mips)\n");

        Assert.Empty(PkgbuildLinter.Lint(pkgbuild));
        var finding = Assert.Single(PkgbuildLinter.Lint(pkgbuild, "x86_64"));
        Assert.Equal(("arch", 4, "the package is not available for x86_64, only for sparc, mips"), (finding.Rule, finding.Line, finding.Message));
        Assert.Empty(PkgbuildLinter.Lint(pkgbuild, "mips"));
    }

    [Fact]
    public async Task Errors_can_be_thrown_as_one_exception_that_has_all()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync("pkgname=a\npkgver=1-1\npkgrel=x\narch=(any)\nsource=(a)\n");

        var error = Assert.Throws<PkgbuildLintException>(() => PkgbuildLinter.ThrowIfErrors(pkgbuild));

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.Equal((pkgbuild.Path, 2), (error.File, error.Line));
        Assert.Equal(["pkgver", "pkgrel", "sums"], error.Findings.Select(finding => finding.Rule));
        Assert.StartsWith("pkgver '1-1' contains '-'", error.Message, StringComparison.Ordinal);
        Assert.Contains("(and 2 more: line 3: pkgrel 'x' is not of the form N or N.N, such as 1; line 5: source has no sums", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.CanonicalMessage);
    }

    [Fact]
    public async Task What_does_not_keep_makepkg_from_writing_SRCINFO_can_be_let_pass()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(PkgbuildFolder.Minimum + "source=(a)\n");

        PkgbuildLinter.ThrowIfErrors(pkgbuild, least: LintSeverity.Fatal);
        Assert.Throws<PkgbuildLintException>(() => PkgbuildLinter.ThrowIfErrors(pkgbuild));
    }
}
