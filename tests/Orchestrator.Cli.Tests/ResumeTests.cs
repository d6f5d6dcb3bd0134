using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>
/// Builds that are ended at random moments, in every way, and gone on with: what comes of them is what comes of a build from
/// nothing. <c>ORCHESTRATOR_TEST_KILLS</c> sets how often; a few times unless it is set.
/// </summary>
public sealed class ResumeTests
{
    private const int FewKills = 8;
    private static readonly string[] Ways = ["INT", "TERM", "no grace", "owner killed", "all killed"];

    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : FewKills;

    [Fact]
    public async Task Whenever_a_build_of_C_is_ended_the_next_one_makes_the_same()
    {
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using ResumeFixture package = new ResumeFixture().WithC();
        await KillAtRandomAsync(package);
    }

    [Fact]
    public async Task Whenever_a_build_of_Rust_is_ended_the_next_one_makes_the_same()
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using ResumeFixture package = new ResumeFixture().WithRust();
        await KillAtRandomAsync(package);
    }

    private static async Task KillAtRandomAsync(ResumeFixture package)
    {
        var began = Stopwatch.GetTimestamp();
        await package.BuildAsync(null, "--no-cache");
        var whole = Stopwatch.GetElapsedTime(began);
        var expected = package.Installed();
        var (resumed, ended) = (0, 0);
        for (var number = 0; number < Kills; number++)
        {
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

        // Else nothing was tested: all ended before anything was compiled, or after.
        Assert.InRange(ended, Kills / 2, int.MaxValue);
        Assert.InRange(resumed, Kills / 2, Kills);
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
