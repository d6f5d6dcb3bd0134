using Orchestrator.Testing;

namespace Orchestrator.Build.Tests;

/// <summary>The command of the README, aborted.</summary>
[Collection(MainJobGroup.Name)]
public sealed class AbortTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static TheoryData<int, bool> Aborts
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var signal in (int[])[Signal.Int, Signal.Term, Signal.Hup, Signal.Kill])
            {
                data.Add(signal, false);
                data.Add(signal, true);
            }

            return data;
        }
    }

    /// <summary>More of them with ORCHESTRATOR_TEST_ABORTS=200.</summary>
    public static TheoryData<int> Moments =>
        [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_TEST_ABORTS"), out var count) ? count : 12)];

    public static TheoryData<string, int> HostileScripts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var script in (string[])["deaf to SIGTERM, SIGINT and SIGHUP", "job control", "setsid", "double fork with closed streams", "scrubbed daemon", "stopped"])
            {
                data.Add(script, Signal.Int);
                data.Add(script, Signal.Kill);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task In_the_middle_of_rustc_nothing_is_left(int signal, bool group)
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using var job = Job.Start(MainJob.Command, "--package", "llm-worker-rbee-cpu");
        await job.WaitForProcessAsync("rustc");
        job.Abort(signal, group);

        var exitCode = await job.ExitCodeAsync();

        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Equal(128 + signal, exitCode);
        Assert.Empty(Directory.Exists(job.Output) ? Directory.GetFiles(job.Output) : []);
        if (signal != Signal.Kill)
        {
            Assert.Matches(
                @"==> Build cancelled, killing process group\.\.\.\n==> Killing process group PGID: \d+\n==> SIGTERM sent to process group\n",
                job.Text);
            Assert.Contains("==> Work directory removed: " + job.WorkRoot, job.Text, StringComparison.Ordinal);
            Assert.Contains("Build cancelled by user", job.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Ctrl+C", 130)]
    [InlineData("the terminal closes", 137)]
    public async Task At_a_real_terminal_nothing_is_left(string end, int exitCode)
    {
        Assert.SkipUnless(Repository.HasTool("cargo") && Repository.HasTool("script"), "cargo or script(1) is missing");
        using var job = Job.Start("script", "-qefc", $"{MainJob.Command} --package llm-worker-rbee-cpu", "/dev/null");
        await job.WaitForProcessAsync("rustc");
        if (end == "Ctrl+C")
        {
            await job.Process.StandardInput.WriteAsync('\u0003');
            await job.Process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            job.Abort(Signal.Kill, group: false); // script(1) holds the other end of the terminal
        }

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
    }

    [Theory]
    [InlineData(Signal.Int, true, 130)]
    [InlineData(Signal.Term, false, 143)]
    [InlineData(Signal.Kill, false, 137)]
    public async Task Under_dotnet_cake_nothing_is_left(int signal, bool group, int exitCode)
    {
        // The dotnet CLI, which is what is signalled, passes no SIGKILL on to Cake: the script notices that it is gone.
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using var restore = Job.Start("dotnet", "tool", "restore");
        Assert.Equal(0, await restore.ExitCodeAsync());
        using var job = Job.Start("dotnet", "cake", "--package=llm-worker-rbee-cpu");
        await job.WaitForProcessAsync("rustc");
        job.Abort(signal, group);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        job.WaitForLine("Teardown: nothing is left running");
    }

    [Theory]
    [InlineData(".", "./build.cake")]
    [InlineData("docs", "../build.cake")]
    public async Task Under_dotnet_cake_the_script_can_be_named(string folder, string script)
    {
        using var restore = Job.Start("dotnet", "tool", "restore");
        Assert.Equal(0, await restore.ExitCodeAsync());
        using var job = Job.Start("env", "-C", Path.Combine(Repository.Root, folder), "dotnet", "cake", script, "--description");

        Assert.Equal(0, await job.ExitCodeAsync());
        job.WaitForLine("The main job: Packages");
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task At_any_moment_nothing_is_left_and_nothing_half_written(int number)
    {
        // From the start of the host to the last archive of two small packages: fetch, extract, phases, tar, clean-up.
        Assert.SkipUnless(Repository.HasTool("gcc") && Repository.HasTool("make"), "gcc or make is missing");
        using var job = Job.Start(MainJob.Command, "--package", "pgtree", "--package", "steplog");
#pragma warning disable CA5394 // Chance is what is wanted.
        var delay = Random.Shared.Next(0, 2500);
#pragma warning restore CA5394
        using var timer = new CancellationTokenSource(delay);
        await Eventually.IsTrueAsync(() => timer.IsCancellationRequested || job.Process.HasExited, "the moment came");
        var signal = number % 2 == 0 ? Signal.Kill : Signal.Int;
        if (!job.Process.HasExited)
        {
            job.Abort(signal, group: number % 3 == 0);
        }

        var exitCode = await job.ExitCodeAsync();

        Assert.True((await job.LeftAfterAsync(Limit)).Count == 0, $"after {delay} ms, signal {signal}, left: {string.Join(", ", await job.LeftAfterAsync(Limit))}\n{job.Text}");
        Assert.Contains(exitCode, (int[])[0, 128 + signal]);
        foreach (var archive in Directory.Exists(job.Output) ? Directory.GetFiles(job.Output) : [])
        {
            using var test = System.Diagnostics.Process.Start("tar", ["-tf", archive])!;
            await test.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, test.ExitCode);
        }
    }

    [Theory]
    [MemberData(nameof(HostileScripts))]
    public async Task A_build_script_that_does_not_want_to_die_is_ended(string script, int signal)
    {
        var marker = new Marker();
        using var directory = new TestDirectory();
        var pkgbuild = directory.Write("PKGBUILD", $"pkgname=hostile\npkgver=1\npkgrel=1\narch=(any)\nbuild() {{\n{Scripts.For(script, marker)}\n}}\npackage() {{ :; }}\n");
        using var job = Job.Start(MainJob.Command, "--package", pkgbuild);
        try
        {
            job.WaitForLine("READY");
            job.Abort(signal, group: false);

            Assert.Equal(128 + signal, await job.ExitCodeAsync());
            Assert.Empty(await job.LeftAfterAsync(Limit));
            Assert.Empty(marker.Alive());
        }
        finally
        {
            marker.KillAll();
        }
    }

    [Fact]
    public async Task A_second_abort_kills_at_once()
    {
        var marker = new Marker();
        using var directory = new TestDirectory();
        var pkgbuild = directory.Write("PKGBUILD", $"pkgname=deaf\npkgver=1\npkgrel=1\narch=(any)\nbuild() {{\n{Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", marker)}\n}}\npackage() {{ :; }}\n");
        using var job = Job.Start(new Dictionary<string, string> { ["CANCEL_TIMEOUT_MS"] = "3600000" }, MainJob.Command, "--package", pkgbuild);
        try
        {
            job.WaitForLine("READY");
            job.Abort(Signal.Int, group: false);
            job.WaitForLine("==> SIGTERM sent to process group");
            using var echoIsOver = new CancellationTokenSource(300);
            await Eventually.IsTrueAsync(() => echoIsOver.IsCancellationRequested, "a second signal counts");
            job.Abort(Signal.Int, group: false);

            Assert.Equal(130, await job.ExitCodeAsync());
            Assert.Contains("==> SIGKILL sent to process group", job.Text, StringComparison.Ordinal);
            Assert.Empty(await job.LeftAfterAsync(Limit));
        }
        finally
        {
            marker.KillAll();
        }
    }
}
