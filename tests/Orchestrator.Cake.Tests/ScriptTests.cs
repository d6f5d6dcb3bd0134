using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

/// <summary>The real <c>dotnet cake</c>, with the packed addin, aborted in every way. The job's process is the dotnet CLI, and Cake is its child.</summary>
public sealed class ScriptTests(ScriptFolder folder) : IClassFixture<ScriptFolder>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly Marker marker = new();

    public void Dispose() => marker.KillAll();

    [Theory]
    [InlineData(Signal.Int, true, 130)]
    [InlineData(Signal.Term, false, 143)]
    [InlineData(Signal.Term, true, 143)]
    [InlineData(Signal.Hup, true, 129)]
    [InlineData(Signal.Kill, false, 137)]
    public async Task An_abort_of_the_CLI_ends_the_pipeline(int signal, bool group, int exitCode)
    {
        using var job = Start("Default");
        job.WaitForLine("READY");
        job.Abort(signal, group);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        await job.UntilReadAsync();
        Wound_up(ScriptFolder.Text(job), "Compile");
    }

    /// <summary>Cake compiles the script for seconds before anything of ours runs in it.</summary>
    [Fact]
    public async Task A_CLI_that_was_killed_before_the_script_began_is_noticed()
    {
        using var job = Start("Default");
        await job.WaitForChildAsync();
        job.Abort(Signal.Kill, group: false);

        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(30)));
        await job.UntilReadAsync();
        var text = ScriptFolder.Text(job);
        Assert.DoesNotContain("READY", text, StringComparison.Ordinal);
        Assert.Contains("TEARDOWN successful=False error=Build cancelled: its owner exited", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Signal.Int, 130)]
    [InlineData(Signal.Term, 143)]
    [InlineData(Signal.Hup, 129)]
    [InlineData(Signal.Quit, 131)]
    public async Task An_abort_of_Cake_itself_ends_the_pipeline_and_gives_its_exit_code(int signal, int exitCode)
    {
        using var job = Start("Default");
        job.WaitForLine("READY");
        job.AbortChild(signal);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        var text = ScriptFolder.Text(job);
        Wound_up(text, "Compile");
        Assert.Matches(@"==> Build cancelled, killing process group\.\.\.\n==> Killing process group PGID: \d+\n==> SIGTERM sent to process group\n", text);
        Assert.Contains("Error: Build cancelled by user", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ctrl+C", 130)]
    [InlineData("the terminal closes", 137)]
    public async Task At_a_real_terminal_nothing_is_left(string end, int exitCode)
    {
        using var job = folder.StartAtTerminal($"--target=Default --mark={marker.Seconds}");
        await Eventually.IsTrueAsync(() => marker.Has("sleep"), "it runs");
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
        await job.UntilReadAsync();
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        if (end == "Ctrl+C")
        {
            Assert.Contains("TEARDOWN successful=False error=Build cancelled by user", ScriptFolder.Text(job), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Term)]
    [InlineData(Signal.Hup)]
    [InlineData(Signal.Kill)]
    public async Task In_the_middle_of_rustc_nothing_is_left(int signal)
    {
        Assert.SkipUnless(Repository.HasTool("cargo"), "cargo is missing");
        using var job = Start("Worker");
        await job.WaitForProcessAsync("rustc");
        job.AbortChild(signal);

        Assert.Equal(128 + signal, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(Directory.Exists(job.Output) ? Directory.GetFiles(job.Output) : []);
        if (signal != Signal.Kill)
        {
            await job.UntilReadAsync();
            Assert.Contains("TEARDOWN", job.Text, StringComparison.Ordinal);
            Assert.Contains("==> Work directory removed: " + job.WorkRoot, job.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tasks_that_were_to_come_are_in_the_report_as_skipped_with_the_reason()
    {
        using var job = Start("Default");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Int);
        await job.ExitCodeAsync();
        await job.UntilReadAsync();

        var report = ScriptFolder.Text(job);
        Assert.Matches(@"Compile +00:00:\S+ +Failed", report);
        Assert.Matches(@"Test +- +Skipped +Build cancelled by user", report);
        Assert.DoesNotContain("TESTS RAN", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Cakes_own_aliases_start_in_a_process_group_is_ended_too()
    {
        using var job = Start("CakesOwn");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(marker.Alive());
        Wound_up(ScriptFolder.Text(job), "CakesOwn");
    }

    [Fact]
    public async Task An_abort_before_anything_has_begun_begins_nothing()
    {
        using var job = folder.Start("--target=Default", $"--mark={marker.Seconds}", "--slow-setup");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Int);

        Assert.Equal(130, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        var text = ScriptFolder.Text(job);
        Assert.Contains("TEARDOWN successful=False error=Build cancelled by user", text, StringComparison.Ordinal);
        Assert.Matches(@"Compile +- +Skipped +Build cancelled by user", text);
        Assert.Contains("Error: Build cancelled by user", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_CI_the_end_of_the_jobs_shell_ends_the_pipeline()
    {
        // A runner that kills its shell passes nothing on.
        var command = $"dotnet cake --target=Default --mark={marker.Seconds}; true";
        using var job = Job.Start(new Dictionary<string, string> { ["CI"] = "true" }, "env", "-C", folder.Path, "bash", "-c", command);
        job.WaitForLine("READY");
        job.Abort(Signal.Kill, group: false);

        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        await job.UntilReadAsync();
        Assert.Contains("Error: Build cancelled: its owner exited", ScriptFolder.Text(job), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueOnError_does_not_keep_an_aborted_pipeline_going()
    {
        using var job = Start("AfterTolerant");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.DoesNotContain("WENT ON", job.Text, StringComparison.Ordinal);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task Any_code_can_take_the_token()
    {
        using var job = Start("Token");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Int);

        Assert.Equal(130, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        var text = ScriptFolder.Text(job);
        Wound_up(text, "Token");
        Assert.Contains("Error: Build cancelled by user", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_that_does_not_take_it_ends_the_pipeline_when_it_is_done()
    {
        using var job = Start("AfterBusy");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "stop-" + marker.Seconds), "", TestContext.Current.CancellationToken);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.DoesNotContain("WENT ON", job.Text, StringComparison.Ordinal);
        Wound_up(ScriptFolder.Text(job), "Busy");
    }

    [Theory]
    [InlineData("Items")]
    [InlineData("Made")]
    [InlineData("Deferred")]
    [InlineData("MadeDeferred")]
    [InlineData("Handler")]
    [InlineData("HandlerToken")]
    public async Task No_further_item_begins_and_there_is_one_error(string target)
    {
        using var job = Start(target);
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "stop-" + marker.Seconds), "", TestContext.Current.CancellationToken);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        var text = ScriptFolder.Text(job);
        Wound_up(text, target);
        Assert.DoesNotContain("READY 2", text, StringComparison.Ordinal);
        Assert.EndsWith("Error: Build cancelled by user", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Default", "Compile")]
    [InlineData("Tolerant", "Tolerant")]
    public async Task Of_several_targets_whichever_runs_is_ended_with_the_error(string target, string task)
    {
        using var job = folder.Start("--first=Good", $"--target={target}", $"--mark={marker.Seconds}");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(marker.Alive());
        var text = ScriptFolder.Text(job);
        Wound_up(text, task);
        Assert.EndsWith("Error: Build cancelled by user", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_signal_kills_at_once()
    {
        using var job = folder.Start(new Dictionary<string, string> { ["CANCEL_TIMEOUT_MS"] = "3600000" }, "--target=Deaf", $"--mark={marker.Seconds}");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Int);
        job.WaitForLine("==> SIGTERM sent to process group");
        await SecondCountsAsync();
        job.AbortChild(Signal.Int);

        Assert.Equal(130, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(await job.LeftAfterAsync(Limit));
        Assert.Empty(marker.Alive());
        Assert.Contains("==> SIGKILL sent to process group", job.Text, StringComparison.Ordinal);
        Wound_up(ScriptFolder.Text(job), "Deaf");
    }

    [Fact]
    public async Task The_second_signal_ends_Cake_where_nothing_of_ours_runs()
    {
        using var job = Start("AfterBusy");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Int);
        await SecondCountsAsync();
        job.AbortChild(Signal.Int);

        Assert.Equal(130, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.DoesNotContain("WENT ON", job.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Signal.Term, 143)]
    [InlineData(Signal.Kill, 137)]
    public async Task Teardown_can_run_what_cleans_up(int signal, int exitCode)
    {
        using var job = folder.Start("--target=Default", $"--mark={marker.Seconds}", "--cleanup");
        job.WaitForLine("READY");
        job.Abort(signal, group: false); // the CLI

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Contains("CLEANED 5", ScriptFolder.Text(job), StringComparison.Ordinal);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task A_Teardown_without_an_abort_does_not_protect_what_runs_after_it()
    {
        using var job = folder.Start("--before=Good", "--target=Compile", $"--mark={marker.Seconds}", "--cleanup");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(marker.Alive());
        Wound_up(ScriptFolder.Text(job), "Compile");
    }

    [Fact]
    public async Task A_Teardown_that_throws_does_not_change_the_exit_code()
    {
        using var job = folder.Start("--target=Default", $"--mark={marker.Seconds}", "--bad-teardown");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Empty(marker.Alive());
        Assert.Contains("teardown is broken", job.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_is_quiet()
    {
        using var job = folder.Start("--target=Compile", $"--mark={marker.Seconds}", "--verbosity=quiet");
        await Eventually.IsTrueAsync(() => marker.Has("sleep"), "it runs");
        job.AbortChild(Signal.Int);

        Assert.Equal(130, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.DoesNotContain("==>", job.Text, StringComparison.Ordinal);
        Assert.Contains("Build cancelled by user", job.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_abort_it_is_a_pipeline_like_any_other()
    {
        using var job = Start("Good");

        Assert.Equal(0, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        var text = ScriptFolder.Text(job);
        Assert.Contains("hello", text, StringComparison.Ordinal);
        Assert.Contains("CODE 3", text, StringComparison.Ordinal);
        Assert.Contains("TEARDOWN successful=True error=none", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null", "StartProcessGroup: the program must be given")]
    [InlineData("nowhere", "ReadPkgbuild: there is no PKGBUILD at ")]
    [InlineData("empty", "no PKGBUILD in ")]
    [InlineData("unknown", "no package 'no-such-package'")]
    public async Task What_makes_no_sense_is_one_clear_error(string alias, string message)
    {
        using var job = folder.Start("--target=Alias", $"--alias={alias}");

        Assert.Equal(1, await job.ExitCodeAsync());
        await job.UntilReadAsync();
        Assert.Contains("Error: " + message, ScriptFolder.Text(job), StringComparison.Ordinal);
    }

    /// <summary>What the addin is for: the same script with StartProcess.</summary>
    [Fact]
    public async Task The_same_script_with_StartProcess_leaves_processes_and_runs_no_Teardown()
    {
        using var job = folder.Start("plain.cake", "--target=Default", $"--mark={marker.Seconds}");
        job.WaitForLine("READY");
        job.AbortChild(Signal.Term);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.NotEmpty(marker.Alive());
        Assert.DoesNotContain("TEARDOWN", job.Text, StringComparison.Ordinal);
    }

    private Job Start(string target) => folder.Start($"--target={target}", $"--mark={marker.Seconds}");

    private static async Task SecondCountsAsync()
    {
        using var over = new CancellationTokenSource(300);
        await Eventually.IsTrueAsync(() => over.IsCancellationRequested, "a second signal counts");
    }

    private static void Wound_up(string text, string task)
    {
        Assert.Contains("TEARDOWN successful=False error=Build cancelled", text, StringComparison.Ordinal);
        Assert.Contains($"An error occurred when executing task '{task}'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TESTS RAN", text, StringComparison.Ordinal);
    }
}
