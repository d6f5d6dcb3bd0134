using System.Text.Json;
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

    [Fact]
    public async Task The_managed_tool_builds_and_reads_as_the_installed_one()
    {
        var file = directory.Write("good/PKGBUILD", Good);
        List<string> built = [];
        List<string> read = [];
        foreach (var program in new[] { Tool.Program, Tool.Managed })
        {
            using var build = Job.Start(program, "build", "--force", "--output", directory.Combine("out"), file);
            Assert.Equal(0, await build.ExitCodeAsync());
            built.Add(build.Text);
            using var srcinfo = Job.Start(program, "srcinfo", file);
            Assert.Equal(0, await srcinfo.ExitCodeAsync());
            read.Add(srcinfo.Text);
        }

        Assert.Equal(built[0], built[1]);
        Assert.Equal(read[0], read[1]);
    }

    [Fact]
    public async Task What_is_installed_is_native_where_it_can_be_linked()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc") || File.Exists("/usr/bin/clang"), "there is no C compiler to link with");
        await using var program = File.OpenRead(Tool.Program);
        Assert.InRange(program.Length, 4 << 20, 40 << 20); // its own runtime is in it: the launcher has 80 KB
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(new FileInfo(Tool.Program).ResolveLinkTarget(true)!.FullName)!), file => file.EndsWith(".dll", StringComparison.Ordinal));
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
        var file = directory.Write("PKGBUILD", $"_ran=$(touch '{ran}')\n{Good}pkgdesc=$_ran\n");

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
    public async Task Lint_does_not_run_a_strangers_script_unless_it_may()
    {
        var ran = directory.Combine("ran");
        var unknown = directory.Write("unknown/PKGBUILD", $"_ran=$(touch '{ran}')\n{Good}pkgdesc=$_ran\n");
        var wrong = directory.Write("wrong/PKGBUILD", $"{Good}epoch=x\n");

        var refused = await Tool.RunAsync("lint", unknown, directory.Write("good/PKGBUILD", Good));
        var both = await Tool.RunAsync("lint", unknown, wrong);
        Assert.False(File.Exists(ran));
        var allowed = await Tool.RunAsync("lint", "--evaluate", unknown);

        Assert.Equal((20, 12, 0), (refused.ExitCode, both.ExitCode, allowed.ExitCode));
        Assert.StartsWith($"{unknown}(1): needs evaluation: ", refused.Text, StringComparison.Ordinal);
        Assert.Contains($"{unknown}(1): needs evaluation: ", both.Text, StringComparison.Ordinal);
        Assert.Contains($"{wrong}(6,1): error epoch: ", both.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(ran));
    }

    [Fact]
    public async Task Lint_checks_the_other_files_where_one_cannot_be_read()
    {
        var missing = directory.Combine("none");
        var broken = directory.Write("broken/PKGBUILD", "pkgname=a\nif then\n");

        var result = await Tool.RunAsync("lint", missing, broken);
        var alone = await Tool.RunAsync("lint", missing, directory.Write("good/PKGBUILD", Good));

        Assert.Equal((12, 6), (result.ExitCode, alone.ExitCode));
        Assert.Contains($"{missing}: error: there is no such PKGBUILD", result.Text, StringComparison.Ordinal);
        Assert.Contains($"{broken}(2,4): error read: syntax error near unexpected token `then'", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lint_writes_a_SARIF_log_to_a_file_beside_text_or_to_standard_output_in_its_place()
    {
        var wrong = directory.Write("wrong/PKGBUILD", $"{Good}epoch=x\n");
        var log = directory.Combine("log.sarif");

        var beside = await Tool.RunAsync("lint", "--sarif", log, wrong);
        var instead = await Tool.RunAsync("lint", "--sarif", "-", wrong);

        Assert.Equal((12, 12), (beside.ExitCode, instead.ExitCode));
        Assert.Contains("(6,1): error epoch", beside.Text, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), instead.Text);
        using var json = JsonDocument.Parse(instead.Text);
        Assert.Equal("epoch", json.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("ruleId").GetString());
    }

    [Theory]
    [InlineData("/dev/full", 1, "error: the SARIF log cannot be written to /dev/full: ")]
    [InlineData("", 3, "--sarif needs the name of a file")]
    public async Task Lint_says_in_one_line_that_a_log_cannot_be_written(string path, int exitCode, string message)
    {
        var result = await Tool.RunAsync("lint", "--sarif", path, directory.Write("good/PKGBUILD", Good));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Updpkgsums_writes_sums_and_runs_nothing_unless_it_may()
    {
        var ran = directory.Combine("ran");
        directory.Write("good/hello", "hello\n");
        var file = directory.Write("good/PKGBUILD", $"{Good}source=(hello)\nsha256sums=(0)\n");
        var unknown = directory.Write("unknown/PKGBUILD", $"_ran=$(touch '{ran}')\n{Good}source=(hello)\nsha256sums=(0)\n pkgdesc=$_ran\n");

        var updated = await Tool.RunAsync("updpkgsums", file);
        var again = await Tool.RunAsync("updpkgsums", directory.Combine("good"));
        var refused = await Tool.RunAsync("updpkgsums", unknown);

        Assert.Equal((0, 0, 20), (updated.ExitCode, again.ExitCode, refused.ExitCode));
        Assert.Contains($"==> Sums updated: {file}", updated.Text, StringComparison.Ordinal);
        Assert.Contains("are up to date", again.Text, StringComparison.Ordinal);
        Assert.EndsWith(
            "source=(hello)\nsha256sums=(5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03)\n",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.StartsWith($"{unknown}(1): needs evaluation: ", refused.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(ran));
    }

    [Fact]
    public async Task Srcinfo_executes_nothing_and_needs_no_bash()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        var file = directory.Write("PKGBUILD", $"{Good}pkgdesc=$(printf '%s' read)\npackage() {{ depends=(\"$(echo x)\"); }}\n");
        var log = directory.Combine("strace.log");

        using var job = Job.Start("/usr/bin/strace", ["-f", "-o", log, "-e", "trace=execve,execveat", Tool.Program, "srcinfo", file]);
        await job.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, job.Process.ExitCode);
        Assert.Contains("pkgdesc = read", job.Text, StringComparison.Ordinal);
        Assert.Contains("depends = x", job.Text, StringComparison.Ordinal);

        // The tool itself, and no more.
        Assert.Single(await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken), line => line.Contains("execve", StringComparison.Ordinal));
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
