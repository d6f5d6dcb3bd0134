using Orchestrator.Testing;

namespace Orchestrator.Frosting.Tests;

public sealed class AbortTests : IClassFixture<FrostingHost>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly FrostingHost host;
    private readonly Marker marker = new();
    private readonly TestDirectory folder = new();

    public AbortTests(FrostingHost host)
    {
        this.host = host;
        folder.Write("pkgbuilds/a/PKGBUILD", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\npackage() { :; }\n");
    }

    public void Dispose()
    {
        marker.KillAll();
        folder.Dispose();
    }

    [Theory]
    [InlineData(Signal.Int, 130)]
    [InlineData(Signal.Term, 143)]
    [InlineData(Signal.Hup, 129)]
    [InlineData(Signal.Quit, 131)]
    public async Task An_abort_ends_what_runs_skips_the_rest_and_runs_Teardown(int signal, int exitCode)
    {
        using var job = Start("--target=Default");
        job.WaitForLine("READY");
        job.Abort(signal, group: signal == Signal.Int);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        await job.UntilReadAsync();
        var text = FrostingHost.Text(job);
        Assert.Contains("TEARDOWN successful=False error=Build cancelled by user", text, StringComparison.Ordinal);
        Assert.Contains("Error: Build cancelled by user", text, StringComparison.Ordinal);
        Assert.Matches(@"==> Build cancelled, killing process group\.\.\.\n==> Killing process group PGID: \d+\n==> SIGTERM sent to process group\n", text);
        Assert.Matches(@"Compile +00:00:\S+ +Failed", text);
        Assert.Matches(@"Test +- +Skipped +Build cancelled by user", text);
        Assert.DoesNotContain("TESTS RAN", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_killed_leaves_nothing()
    {
        using var job = Start("--target=Default");
        job.WaitForLine("READY");
        job.Abort(Signal.Kill, group: true);

        Assert.Equal(137, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [InlineData("AfterTolerant")]
    [InlineData("CakesOwn")]
    [InlineData("Token")]
    public async Task So_does_one_of_other_tasks(string target)
    {
        using var job = Start($"--target={target}");
        job.WaitForLine("READY");
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        await job.UntilReadAsync();
        Assert.Contains("TEARDOWN successful=False error=Build cancelled by user", FrostingHost.Text(job), StringComparison.Ordinal);
        Assert.DoesNotContain("WENT ON", job.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teardown_can_run_what_cleans_up()
    {
        using var job = Start("--target=Default", "--cleanup");
        job.WaitForLine("READY");
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Contains("CLEANED 5 6", FrostingHost.Text(job), StringComparison.Ordinal);
        Assert.Contains("TEARDOWN successful=False error=Build cancelled by user", FrostingHost.Text(job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_targets_none_begins_after_an_abort()
    {
        using var job = Start("--target=Compile", "--target=Test");
        job.WaitForLine("READY");
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.DoesNotContain("TESTS RAN", job.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Term)]
    [InlineData(Signal.Hup)]
    [InlineData(Signal.Kill)]
    public async Task In_the_middle_of_rustc_nothing_is_left(int signal)
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        Directory.CreateSymbolicLink(folder.Combine("pkgbuilds/worker"), Path.Combine(Repository.Root, "pkgbuilds/llm-worker-rbee-cpu"));
        using var job = Start("--target=llm-worker-rbee-cpu");
        await job.WaitForProcessAsync("rustc");
        job.Abort(signal, group: false);

        Assert.Equal(128 + signal, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(Directory.Exists(job.Output) ? Directory.GetFiles(job.Output) : []);
        if (signal != Signal.Kill)
        {
            await job.UntilReadAsync();
            Assert.Contains("TEARDOWN", job.Text, StringComparison.Ordinal);
            Assert.Contains("==> Work directory removed: " + job.WorkRoot, job.Text, StringComparison.Ordinal);
            Assert.Contains("cancelled", FrostingHost.Text(job), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_second_signal_kills_at_once()
    {
        folder.Write("pkgbuilds/deaf/PKGBUILD", $"pkgname=deaf\npkgver=1\npkgrel=1\narch=(any)\nbuild() {{\n{Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", marker)}\n}}\npackage() {{ :; }}\n");
        using var job = host.Start(new Dictionary<string, string> { ["CANCEL_TIMEOUT_MS"] = "3600000" }, folder.Path, "--target=deaf");
        job.WaitForLine("READY");
        job.Abort(Signal.Int, group: false);
        job.WaitForLine("==> SIGTERM sent to process group");
        using var over = new CancellationTokenSource(300);
        await Eventually.IsTrueAsync(() => over.IsCancellationRequested, "a second signal counts");
        job.Abort(Signal.Int, group: false);

        Assert.Equal(130, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        job.WaitForLine("==> SIGKILL sent to process group");
        job.WaitForLine("TEARDOWN");
    }

    private Job Start(params IEnumerable<string> arguments) => host.Start(folder.Path, [.. arguments, $"--mark={marker.Seconds}"]);
}
