using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Build.Tests;

[Collection(MainJobGroup.Name)]
public sealed class MainJobTests
{
    private const string Worker = "llm-worker-rbee-cpu";

    [Fact]
    public async Task The_packages_are_built_the_worker_runs_and_a_second_run_builds_nothing()
    {
        Assert.SkipUnless(Repository.HasTool("cargo") && Repository.HasTool("gcc") && Repository.HasTool("make"), "cargo, gcc or make is missing");
        using var job = Job.Start(MainJob.Command);
        Assert.Equal(0, await job.ExitCodeAsync());
        Assert.Equal(4, Occurrences(job.Text, "==> Finished making: "));
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(2)));

        Assert.Matches(@"^llm-worker-rbee-cpu \d", Run(Path.Combine(job.Output, Worker, "usr/bin", Worker), "--version"));
        Assert.NotEmpty(Run(Path.Combine(job.Output, Worker, "usr/bin", Worker), "--prompt", "the build"));
        Assert.NotEmpty(Directory.GetFiles(job.Output, $"{Worker}-*.pkg.tar.*"));

        using var again = Job.Start(new Dictionary<string, string> { ["PKGDEST"] = job.Output }, MainJob.Command);
        Assert.Equal(0, await again.ExitCodeAsync());
        Assert.Equal(4, Occurrences(again.Text, "is up to date"));
        Assert.DoesNotContain("==> Building", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_whose_tools_are_missing_is_skipped_by_name_and_the_others_are_built()
    {
        using var path = new TestDirectory();
        string[] hidden = ["cargo", "rustc", "gcc", "cc", "make"];
        foreach (var program in Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(Directory.Exists).SelectMany(Directory.GetFiles))
        {
            var link = path.Combine(Path.GetFileName(program));
            if (!hidden.Contains(Path.GetFileName(program)) && !File.Exists(link))
            {
                File.CreateSymbolicLink(link, program);
            }
        }

        using var job = Job.Start(new Dictionary<string, string> { ["PATH"] = path.Path }, MainJob.Command);

        Assert.Equal(0, await job.ExitCodeAsync());
        Assert.Contains($"==> Skipping {Worker} 0.4.0-1: missing: cargo", job.Text, StringComparison.Ordinal);
        Assert.Contains("==> Finished making: treesum", job.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_package_is_one_clear_error()
    {
        using var job = Job.Start(MainJob.Command, "--package", "no-such-package");

        Assert.Equal(1, await job.ExitCodeAsync());
        Assert.Contains("no package 'no-such-package'", job.Text, StringComparison.Ordinal);
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
