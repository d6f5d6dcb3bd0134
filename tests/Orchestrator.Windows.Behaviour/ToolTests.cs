using Orchestrator.Pkgbuild;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class ToolTests
{
    [Fact(Timeout = Bash.Deadline)]
    public async Task Run_passes_on_what_the_command_prints_and_how_it_ended()
    {
        using var tool = ToolRun.Start(["run", "--", Marker.Tree, "streams"]);

        var (exitCode, output, error) = await tool.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(7, exitCode);
        Assert.Equal(["out 1", "out 2", "out 3"], Words(output));
        Assert.Equal(["err 1", "err 2", "err 3"], Words(error));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task Run_says_that_there_is_no_such_command()
    {
        using var tool = ToolRun.Start(["run", "--", "orchestrator-no-such-program"]);

        var (exitCode, output, error) = await tool.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal((127, ""), (exitCode, output));
        Assert.Contains("'orchestrator-no-such-program' was not found", Assert.Single(Words(error)), StringComparison.Ordinal);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task TerminateProcess_to_run_leaves_nothing_of_its_command()
    {
        var marker = new Marker();
        try
        {
            using var tool = ToolRun.Start(["run", "--", marker.Program, "script", "plain"]);
            await tool.UntilLineAsync("READY", TestContext.Current.CancellationToken);
            Snapshot.Terminate(tool.Id);

            await Eventually.IsTrueAsync(() => marker.Pids().Count == 0, () => $"none is left of {string.Join(", ", marker.Alive())}", TimeSpan.FromSeconds(5));
        }
        finally
        {
            marker.KillAll();
        }
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task Build_builds_a_package_and_does_not_build_it_again()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "package() {\n  install -d \"$pkgdir/usr\"\n}\n");
        using var first = workshop.StartTool();
        var built = await first.EndAsync(TestContext.Current.CancellationToken);
        using var second = workshop.StartTool();
        var again = await second.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (built.ExitCode, again.ExitCode));
        Assert.Contains("==> Finished making: sample 1.0-1", built.Output, StringComparison.Ordinal);
        Assert.Contains("==> sample 1.0-1 is up to date", again.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(workshop.Output, "sample", "usr")));
        Assert.Empty(workshop.WorkDirectories);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task Build_ends_with_4_when_a_function_fails()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "package() {\n  false\n}\n");
        using var tool = workshop.StartTool();

        var (exitCode, _, error) = await tool.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, exitCode);
        Assert.Contains($"{workshop.PkgbuildPath}(6): error: A failure occurred in package().", error, StringComparison.Ordinal);
        Assert.Empty(workshop.WorkDirectories);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task TerminateProcess_to_build_leaves_no_work_directory()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "build() {\n  touch there\n  echo READY\n  sleep 1000\n}\npackage() {\n  :\n}\n");
        using var tool = workshop.StartTool();
        await tool.UntilLineAsync("READY", TestContext.Current.CancellationToken);
        Assert.True(File.Exists(Path.Combine(Assert.Single(workshop.WorkDirectories), "src", "there")));

        Snapshot.Terminate(tool.Id);

        await Eventually.IsTrueAsync(() => !workshop.WorkDirectories.Any(), () => "the work directory is gone", TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task The_tools_of_bash_come_before_those_of_Windows()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "pkgdesc=\"Read by $(printf %s \"${PATH%%:*}\")\"\nbuild() {\n  echo \"Built by ${PATH%%:*}\"\n}\npackage() {\n  :\n}\n");
        var tools = Path.GetDirectoryName((Environment.GetEnvironmentVariable("PATH") ?? "").Split(';').Select(folder => Path.Combine(folder, "bash.exe")).First(File.Exists))!;
        Dictionary<string, string> environment = new() { ["PATH"] = $"{Environment.SystemDirectory};{tools}" };
        using var read = ToolRun.Start(["srcinfo", "--evaluate", workshop.PkgbuildPath], environment);
        var (_, description, _) = await read.EndAsync(TestContext.Current.CancellationToken);
        using var build = workshop.StartTool(environment);
        var (_, output, _) = await build.EndAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"pkgdesc = Read by {BashPath.FromWindows(tools)}\n", description.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"Built by {BashPath.FromWindows(tools)}\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task Build_without_a_bash_is_one_clear_error()
    {
        using var directory = new TestDirectory();
        directory.Write("PKGBUILD", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\npackage() {\n  :\n}\n");
        var nowhere = directory.Combine("nowhere");
        using var tool = ToolRun.Start(
            ["build", "--root", directory.Path, "--output", directory.Combine("out")],
            new() { ["PATH"] = Environment.SystemDirectory, ["SystemDrive"] = nowhere, ["ProgramFiles"] = nowhere, ["ProgramFiles(x86)"] = nowhere, ["LocalAppData"] = nowhere });

        var (exitCode, output, error) = await tool.EndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(15, exitCode);
        Assert.Contains("MSYS2 or of Git for Windows", Assert.Single(Words(output + error), line => line.Contains("ERROR", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Combine("out")));
    }

    private static string[] Words(string text) => text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
