using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>A cache whose file system cannot do all that compilers need: what would fail with it is built without it.</summary>
public sealed class DiskResumeTests
{
    [Theory]
    [InlineData("ro", 1)]
    [InlineData("noexec", 0)]
    [InlineData("size=4k", 1)]
    [InlineData("size=8k", 0)] // from here on it depends on what is written when
    [InlineData("size=32k", 0)]
    [InlineData("size=128k", 0)]
    [InlineData("size=32k", 0, true)]
    public async Task A_disk_that_is_full_or_read_only_costs_at_most_one_warning(string option, int least, bool withCcache = false)
    {
        Assert.SkipUnless(!withCcache || Repository.HasTool("ccache"), "ccache is missing");
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using ResumeFixture package = new ResumeFixture { UsesCcache = withCcache }.WithC(files: 12);
        var text = await BuildMountedAsync(package, option);
        var warnings = text.Split('\n').Where(line => line.Contains("WARNING", StringComparison.Ordinal) && !line.Contains("as root", StringComparison.Ordinal)).ToList();
        Assert.InRange(warnings.Count, least, 1);
        var installed = package.Installed();
        await package.BuildAsync(null, "--no-cache");
        Assert.Equal(package.Installed(), installed);
    }

    [Theory]
    [InlineData("noexec")]
    [InlineData("size=1m")] // less than what is compiled
    public async Task Crates_are_compiled_wherever_the_cache_is(string option)
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();

        var text = await BuildMountedAsync(package, option);

        Assert.Equal(option == "noexec" ? 0 : 1, text.Split('\n').Count(line => line.Contains("WARNING: sample is built without its build cache", StringComparison.Ordinal)));
        Assert.DoesNotContain("all is compiled anew", text, StringComparison.Ordinal);
        var installed = package.Installed();
        await package.BuildAsync(null, "--no-cache");
        Assert.Equal(package.Installed(), installed);
    }

    [Fact]
    public async Task What_fills_the_disk_of_the_cache_is_built_without_it_although_the_half_of_it_was_removed()
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using ResumeFixture package = new ResumeFixture().WithC(files: 2);

        // As a linker does it.
        const string Link = "big=${ORCHESTRATOR_CACHE_ENTRY:-.}/npm\n  head -c 100M /dev/zero >\"$big\" || { rm -f \"$big\"; false; }\n  make -j2 CC=gcc";
        package.Edit("PKGBUILD", "make -j2 CC=gcc", Link);

        var text = await BuildMountedAsync(package, "size=90m");

        Assert.Contains(
            "==> WARNING: sample is built without its build cache: it failed with it, and a disk was full, or failed; all is compiled anew", text, StringComparison.Ordinal);
        Assert.NotEmpty(package.Installed());
    }

    [Fact]
    public async Task A_file_system_without_locks_costs_one_warning()
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using ResumeFixture package = new ResumeFixture().WithC(files: 2);
        var text = await package.BuildAsync(await package.RefusingLocksAsync());

        var warning = Assert.Single(text.Split('\n'), line => line.Contains("the build cache cannot be used", StringComparison.Ordinal));
        Assert.Contains($"{package.Cache}/.lock: flock: No locks available", warning, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(package.Cache));
        Assert.NotEmpty(package.Installed());
    }

    private static async Task<string> BuildMountedAsync(ResumeFixture package, string option)
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "no file system can be mounted here");
        Directory.CreateDirectory(package.Cache);
        using var job = package.StartIn(Sandbox.Mounting($"mount -t tmpfs -o {option} none '{package.Cache}'"), null);
        var status = await job.ExitCodeAsync();
        await job.UntilReadAsync();
        Assert.True(status == 0, job.Text);
        package.AssertNothingLeft();
        return job.Text;
    }
}
