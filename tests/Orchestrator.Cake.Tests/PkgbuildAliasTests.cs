using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Orchestrator.Pkgbuild;

namespace Orchestrator.Cake.Tests;

public sealed class PkgbuildAliasTests : IDisposable
{
    private readonly FakeCake cake = new();

    private static PkgbuildSettings Settings => new() { OutputDirectory = "out" };

    public void Dispose() => cake.Dispose();

    [Theory]
    [InlineData("packages/hello/PKGBUILD")]
    [InlineData("packages/hello")]
    public void A_PKGBUILD_is_read_by_its_path_or_that_of_its_folder(string path)
    {
        WritePackage("hello");

        var package = cake.ReadPkgbuild(path);

        Assert.Equal(("hello", "1.0-1"), (package.BaseName, package.Version.ToString()));
    }

    [Fact]
    public void Lint_gives_and_logs_what_is_wrong()
    {
        WritePackage("hello", "license=()\npkgdesc=''\narch=(any x86_64)");

        var findings = cake.LintPkgbuild("packages/hello");

        Assert.Contains(findings, finding => finding.IsError);
        Assert.All(findings, finding => Assert.Contains(finding.ToString(), cake.Lines.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Lint_is_as_loud_as_all_errors_and_warnings()
    {
        WritePackage("hello", "license=()\npkgdesc=''\narch=(any x86_64)");
        cake.Lines.Verbosity = Verbosity.Quiet;

        var findings = cake.LintPkgbuild("packages/hello");

        Assert.Contains(findings, finding => finding.IsError);
        Assert.All(findings, finding => Assert.Equal(finding.IsError, cake.Lines.Text.Contains(finding.ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public void PrintSrcInfo_prints_what_it_returns()
    {
        WritePackage("hello");

        var text = cake.PrintSrcInfo("packages/hello");

        Assert.StartsWith("pkgbase = hello\n", text, StringComparison.Ordinal);
        Assert.Contains(text, cake.Lines.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_is_built_and_then_up_to_date()
    {
        WritePackage("hello");

        var result = cake.BuildPkgbuild("packages/hello", Settings);

        Assert.True(File.Exists(Assert.Single(result.Packages).ArchivePath));
        Assert.StartsWith(cake.Combine("out"), result.Packages[0].ArchivePath, StringComparison.Ordinal);
        Assert.True(cake.BuildPkgbuild("packages/hello", Settings).IsUpToDate);
    }

    [Fact]
    public void Packages_are_built_in_the_order_in_which_they_need_each_other()
    {
        WritePackage("a", "depends=(b)");
        WritePackage("b");

        Assert.Equal(["b", "a"], cake.BuildPkgbuilds("packages", Settings).Rows.Select(row => row.Name));
        FilePath[] files = ["packages/a/PKGBUILD", "packages/b/PKGBUILD"];
        Assert.Equal([BuildOutcome.UpToDate, BuildOutcome.UpToDate], cake.BuildPkgbuilds(files, Settings).Rows.Select(row => row.Outcome));
        PkgbuildSettings only = new() { OutputDirectory = "out", Packages = { "b" } };
        Assert.Equal("b", Assert.Single(cake.BuildPkgbuilds("packages", only).Rows).Name);
    }

    [Fact]
    public void One_that_fails_is_named_and_the_others_are_built()
    {
        WritePackage("bad", "build() { false; }");
        WritePackage("good");

        var error = Assert.Throws<CakeException>(() => cake.BuildPkgbuilds("packages", Settings));

        Assert.Equal("1 of 2 packages failed: bad", error.Message);
        Assert.Contains("A failure occurred in build().", cake.Lines.Text, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(cake.Combine("out"), "good-*"));
    }

    [Fact]
    public void What_makes_no_sense_is_one_clear_error()
    {
        Directory.CreateDirectory(cake.Combine("empty"));
        WritePackage("a", "depends=(b)");
        WritePackage("b", "depends=(a)");

        Expect("ReadPkgbuild: the path of a PKGBUILD must be given", () => cake.ReadPkgbuild(null!));
        Expect($"ReadPkgbuild: there is no PKGBUILD at {cake.Combine("nowhere")}", () => cake.ReadPkgbuild("nowhere"));
        Expect("BuildPkgbuild: there is no PKGBUILD at", () => cake.BuildPkgbuild("empty"));
        Expect("BuildPkgbuilds: the folder must be given", () => cake.BuildPkgbuilds((DirectoryPath)null!));
        Expect("BuildPkgbuilds: there is no folder", () => cake.BuildPkgbuilds("nowhere"));
        Expect("no PKGBUILD in", () => cake.BuildPkgbuilds("empty"));
        Expect("BuildPkgbuilds: no PKGBUILD was given", () => cake.BuildPkgbuilds(Array.Empty<FilePath>()));
        Expect("no package 'c'", () => cake.BuildPkgbuilds("packages", new PkgbuildSettings { Packages = { "c" } }));
        Expect("packages need each other in a circle: a needs b (depends), b needs a (depends)", () => cake.BuildPkgbuilds("packages", Settings));
        WritePackage("b", "pkgname=a");
        Expect("is also the name of a package of", () => cake.BuildPkgbuilds("packages", Settings));
        cake.Write("packages/b/PKGBUILD", "pkgname=(\n");
        Expect("packages/b/PKGBUILD(", () => cake.ReadPkgbuild("packages/b"));

        static void Expect(string message, Func<object> alias) => Assert.Contains(message, Assert.Throws<CakeException>(alias).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_sweep_is_no_error()
    {
        var result = cake.SweepWorkDirectories();

        Assert.Empty(result.Problems);
    }

    private void WritePackage(string name, string more = "") =>
        cake.Write($"packages/{name}/PKGBUILD", $"pkgname={name}\npkgver=1.0\npkgrel=1\narch=(any)\n{more}\npackage() {{ install -d \"$pkgdir/{name}\"; }}\n");
}
