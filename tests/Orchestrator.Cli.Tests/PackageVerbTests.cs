using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

public sealed class PackageVerbTests : IDisposable
{
    private const string Good = "pkgname=good\npkgver=1\npkgrel=1\narch=(any)\npackage() { mkdir -p \"$pkgdir/usr\"; echo hello > \"$pkgdir/usr/file\"; }\n";
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Build_makes_a_package_and_says_when_it_is_up_to_date()
    {
        directory.Write("good/PKGBUILD", Good);
        var output = directory.Combine("out");

        var first = await Tool.RunAsync("build", "--root", directory.Path, "--output", output);
        var second = await Tool.RunAsync("build", "--root", directory.Path, "--output", output, "good");
        var third = await Tool.RunAsync("build", "--root", directory.Path, "--output", output, "--force", directory.Combine("good/PKGBUILD"));

        Assert.Equal((0, 0, 0), (first.ExitCode, second.ExitCode, third.ExitCode));
        Assert.Contains("==> Finished making: good 1-1", first.Text, StringComparison.Ordinal);
        Assert.Contains("good 1-1 is up to date", second.Text, StringComparison.Ordinal);
        Assert.Contains("==> Finished making: good 1-1", third.Text, StringComparison.Ordinal);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(output, "good/usr/file"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(4, "A failure occurred in build()", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\nbuild() { false; }\npackage() { :; }\n")]
    [InlineData(6, "missing.txt", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\nsource=(missing.txt)\nmd5sums=(SKIP)\npackage() { :; }\n")]
    [InlineData(8, "orchestrator-no-such-tool", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\nmakedepends=(orchestrator-no-such-tool)\npackage() { :; }\n")]
    [InlineData(12, "pkgver", "pkgname=a\npkgrel=1\narch=(any)\npackage() { :; }\n")]
    [InlineData(12, "PKGBUILD(3)", "pkgname=a\npkgver=1\nif then\n")]
    public async Task Build_has_makepkgs_exit_codes(int exitCode, string message, string pkgbuild)
    {
        var result = await Tool.RunAsync("build", "--output", directory.Combine("out"), directory.Write("PKGBUILD", pkgbuild));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_is_kept_on_request_and_said_where()
    {
        using var job = Job.Start(Tool.Program, "build", "--keep", "--output", directory.Combine("out"), directory.Write("PKGBUILD", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\nbuild() { touch evidence; false; }\npackage() { :; }\n"));

        Assert.Equal(4, await job.ExitCodeAsync());
        var kept = Assert.Single(Directory.GetDirectories(job.WorkRoot));
        job.WaitForLine(kept);
        Assert.NotEmpty(Directory.GetFiles(kept, "evidence", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_wrong_option_is_exit_code_3() => Assert.Equal(3, (await Tool.RunAsync("build", "--nonsense")).ExitCode);

    [Fact]
    public async Task Srcinfo_asks_before_it_runs_a_strangers_script()
    {
        var ran = directory.Combine("ran");
        var file = directory.Write("PKGBUILD", $"touch '{ran}'\n{Good}");

        var refused = await Tool.RunAsync("srcinfo", file);
        Assert.Equal(20, refused.ExitCode);
        Assert.Contains("needs evaluation", refused.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(ran));

        var allowed = await Tool.RunAsync("srcinfo", "--evaluate", file);
        Assert.Equal((0, "pkgbase = good\n\tpkgver = 1\n\tpkgrel = 1\n\tarch = any\n\npkgname = good\n"), allowed);
    }

    [Fact]
    public async Task Lint_prints_every_finding_and_exits_12()
    {
        var clean = await Tool.RunAsync("lint", directory.Write("good/PKGBUILD", Good));
        var wrong = await Tool.RunAsync("lint", directory.Write("bad/PKGBUILD", "pkgname=-a\npkgver=1:2\npkgrel=x\narch=(any)\npackage() { :; }\n"));

        Assert.Equal((0, ""), clean);
        Assert.Equal(12, wrong.ExitCode);
        Assert.Contains("PKGBUILD(1,1): error pkgname", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("PKGBUILD(2,1): error pkgver", wrong.Text, StringComparison.Ordinal);
        Assert.Contains("PKGBUILD(3,1): error pkgrel", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_and_doctor_say_what_they_find()
    {
        var sweep = await Tool.RunAsync("sweep");
        var doctor = await Tool.RunAsync("doctor");

        Assert.Equal((0, 0), (sweep.ExitCode, doctor.ExitCode));
        Assert.Contains("Nothing was left", sweep.Text, StringComparison.Ordinal);
        Assert.Contains("\"supervised\"", doctor.Text, StringComparison.Ordinal);
    }
}
