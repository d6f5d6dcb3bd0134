using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>
/// Builds that are ended at random moments, in every way, and gone on with: what comes of them is what comes of a build from
/// nothing. <c>ORCHESTRATOR_TEST_KILLS</c> sets how often; a few times unless it is set.
/// </summary>
public sealed class ResumeTests
{
    private const int FewKills = 3;
    private static readonly string[] Ways = ["INT", "TERM", "no grace", "owner killed", "all killed"];

    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : FewKills;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whenever_a_build_of_C_is_ended_the_next_one_makes_the_same(bool withCcache)
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        Assert.SkipUnless(!withCcache || Repository.HasTool("ccache"), "ccache is missing");
        using ResumeFixture package = new ResumeFixture { UsesCcache = withCcache }.WithC();
        await KillAtRandomAsync(package);
    }

    [Fact]
    public async Task Whenever_a_build_of_Rust_is_ended_the_next_one_makes_the_same()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();
        await KillAtRandomAsync(package);
    }

    [Fact]
    public async Task A_build_of_many_crates_goes_on_where_it_was_cancelled()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        Assert.SkipUnless(ResumeFixture.HasRegistry, "sources of crates (librust-clap-dev, -serde-dev, -serde-json-dev, -regex-dev, -aho-corasick-dev and -rand-dev of Debian) are missing");
        using ResumeFixture package = new ResumeFixture().WithRegistry();
        string first;
        using (var job = package.Start())
        {
            // Half of them: more are begun than done, since those with a build script are begun with that.
            for (var begun = 0; begun < 24; begun++)
            {
                job.WaitForLine("   Compiling ");
            }

            job.Abort(Signal.Int, group: false);
            await package.UntilGoneAsync(job, keeperIsDead: false);
            await job.UntilReadAsync();
            first = job.Text;
        }

        var second = await package.BuildAsync();
        var resuming = Regex.Match(second, "^==> Resuming sample: ([0-9]+) of ([0-9]+) crates already built$", RegexOptions.Multiline);
        Assert.True(resuming.Success, second);
        var (done, all) = (Number(resuming.Groups[1]), Number(resuming.Groups[2]));
        Assert.InRange(all, 30, 100);
        Assert.InRange(done, 5, Compiled(first).Count);
        Assert.Equal(all - done, Compiled(second).Count);
        Assert.Equal(all, Compiled(first).Union(Compiled(second)).Count());
        Assert.Contains($"==> Reused from an earlier build: {done} of {all} crates", second, StringComparison.Ordinal);
        Assert.Equal("{\"name\":\"x\"}\n", await Shell.MustAsync("\"$1\" --name x", package.InstalledPath("usr/bin/app")));

        static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

        static HashSet<string> Compiled(string text) => [.. Regex.Matches(text, "^   Compiling (.*) v", RegexOptions.Multiline).Select(match => match.Value)];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edit_is_compiled_and_nothing_else(bool withCcache)
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        Assert.SkipUnless(!withCcache || Repository.HasTool("ccache"), "ccache is missing");
        using ResumeFixture package = new ResumeFixture { UsesCcache = withCcache }.WithC(files: 6);
        Assert.DoesNotContain("Resuming", await package.BuildAsync(), StringComparison.Ordinal);
        package.Edit("src/part3.c", "r *= 5", "r *= 6");
        var text = await package.BuildAsync();
        Assert.Contains("==> Reused from an earlier build: 6 of 7 object files", text, StringComparison.Ordinal);
        var installed = package.Installed();
        await package.BuildAsync(null, "--no-cache");
        Assert.Equal(package.Installed(), installed);
    }

    [Fact]
    public async Task An_edit_of_a_crate_is_seen_although_its_file_is_old()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();
        package.Edit("PKGBUILD", "cp -r ", "cp -a ");
        await package.BuildAsync();
        package.Edit("ws/crate8/src/main.rs", "value(7)", "value(8)");
        package.Age("ws/crate8/src/main.rs");
        var text = await package.BuildAsync();
        Assert.Contains("Compiling crate8", text, StringComparison.Ordinal);
        var installed = package.Installed();
        await package.BuildAsync(null, "--no-cache");
        Assert.Equal(package.Installed(), installed);
    }

    [Fact]
    public async Task A_second_call_of_cargo_takes_nothing_of_the_first_for_a_change()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();
        package.Edit("PKGBUILD", "package() {", "check() {\n  cd ws\n  cargo test --release --offline\n  mkdir -p target/tmp\n  : >target/tmp/scratch\n  cargo test --release --offline\n}\npackage() {");
        await package.BuildAsync();
        var installed = package.Installed();
        var text = await package.BuildAsync();
        Assert.Contains("==> Reused from an earlier build: 9 of 9 crates", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Compiling", text, StringComparison.Ordinal);
        Assert.Equal(installed, package.Installed());
    }

    [Fact]
    public async Task A_damaged_crate_is_compiled_anew()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();
        await package.BuildAsync();
        var expected = package.Installed();
        foreach (var file in Directory.GetFiles(package.Cache, "libcrate5-*.rlib", SearchOption.AllDirectories))
        {
            await File.WriteAllTextAsync(file, "garbage", TestContext.Current.CancellationToken);
        }

        var text = await package.BuildAsync();
        Assert.Contains("==> WARNING: nothing of the build cache of sample is used: something in it was changed after it was compiled", text, StringComparison.Ordinal);
        Assert.Equal(expected, package.Installed());
    }

    [Fact]
    public async Task The_cache_can_be_switched_off_and_removed()
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using ResumeFixture package = new ResumeFixture().WithC(files: 2);
        await package.BuildAsync(null, "--no-cache");
        Assert.False(Directory.Exists(package.Cache));
        await package.BuildAsync();
        var entry = Assert.Single(Directory.GetDirectories(package.Cache));
        Dictionary<string, string> environment = new() { ["ORCHESTRATOR_CACHE"] = package.Cache };
        using var job = Job.Start(environment, Tool.Program, "sweep", "--cache");
        Assert.Equal(0, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Contains($"==> Build cache removed: {entry}", job.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(package.Cache));
    }

    private static async Task KillAtRandomAsync(ResumeFixture package)
    {
        var began = Stopwatch.GetTimestamp();
        await package.BuildAsync(null, "--no-cache");
        var whole = Stopwatch.GetElapsedTime(began);
        var expected = package.Installed();
        var (resumed, ended, number) = (0, 0, 0);
        for (; ended < Kills; number++)
        {
            // Else nothing is tested: all end before anything is compiled, or after.
            Assert.InRange(number, 0, 2 * Kills);
            for (var again = number % 3; again >= 0; again--)
            {
                var way = Ways[(number + again) % Ways.Length];
                ended += await EndAsync(package, way, whole * Fraction((number * 3) + again)) ? 1 : 0;
            }

            var text = await package.BuildAsync();
            resumed += text.Contains("==> Resuming sample: ", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(expected == package.Installed(), $"number {number}:\n{text}\n{expected}\n{package.Installed()}");
            Assert.DoesNotContain("WARNING: sample", text, StringComparison.Ordinal);
            package.Forget();
        }

        Assert.InRange(resumed, number / 2, number);
        TestContext.Current.SendDiagnosticMessage($"{ended} builds ended, {resumed} of {number} series gone on with");
    }

    // Between 0 and 1, all over the place, and the same each time: multiples of the golden ratio.
    private static double Fraction(int number) => (number + 1) * 0.6180339887 % 1;

    /// <returns>Whether it was still at work.</returns>
    private static async Task<bool> EndAsync(ResumeFixture package, string way, TimeSpan after)
    {
        var grace = way == "no grace" ? new Dictionary<string, string> { ["CANCEL_TIMEOUT_MS"] = "0" } : null;
        using var job = package.Start(grace);
        await Task.Delay(after, TestContext.Current.CancellationToken); // a random moment is what is tested
        if (job.Process.HasExited)
        {
            return false;
        }

        switch (way)
        {
            case "owner killed":
                job.Abort(Signal.Kill, group: false);
                break;
            case "all killed":
                await job.KillAllAsync();
                break;
            default:
                job.Abort(way == "TERM" ? Signal.Term : Signal.Int, group: false);
                break;
        }

        await package.UntilGoneAsync(job, keeperIsDead: way == "all killed");
        return true;
    }
}
