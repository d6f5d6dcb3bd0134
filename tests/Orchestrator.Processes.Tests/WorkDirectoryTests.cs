using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class WorkDirectoryTests : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

    private string Root => directory.Combine("work");

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Fact]
    public async Task It_exists_until_it_is_disposed_of()
    {
        string path;
        await using (var work = await WorkRoot.Open(Root).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken))
        {
            path = work.Path;
            Assert.StartsWith(Path.Combine(Root, "pkg."), path, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            await File.WriteAllTextAsync(Path.Combine(path, "file"), "", TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task Everything_in_it_goes_and_nothing_that_a_link_points_to()
    {
        var precious = directory.Write("precious/file", "mine");
        await using (var work = await WorkRoot.Open(Root).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken))
        {
            var script = $"""
                cd '{work.Path}'
                ln -s '{directory.Combine("precious")}' link; ln -s /no/such dangling; ln -s . self
                mkdir -p mod/cache/deep; echo x > mod/cache/deep/f; chmod -R a-w mod; chmod 0 mod/cache/deep
                touch -- "$(printf 'bad\xff\nname')" -rf ' '; mkfifo fifo
                d=.; for i in $(seq 300); do d=$d/dddddddddddddddd; done; mkdir -p "$d" 2>/dev/null || for i in $(seq 300); do mkdir dddddddddddddddd; cd dddddddddddddddd; done; touch leaf
                """;
            Assert.True((await work.Contain(SupervisedCommand.Create("bash", "-c", script)).RunAsync(TestContext.Current.CancellationToken)).IsSuccess);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        Assert.Equal("mine", await File.ReadAllTextAsync(precious, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_can_be_left_where_it_is()
    {
        var root = WorkRoot.Open(Root);
        var work = await root.CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(work.Path, "file"), "", TestContext.Current.CancellationToken);
        await work.LeaveAsync();
        await work.DisposeAsync();

        await root.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal("file", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(work.Path))));
    }

    [Fact]
    public async Task A_keeper_that_was_killed_is_made_up_for()
    {
        var keeper = 0;
        var work = await WorkRoot.Open(Root).CreateAsync(
            "pkg",
            happened => keeper = happened is RunEvent.Started started ? started.ProcessId : keeper,
            TestContext.Current.CancellationToken);
        Signal.Send(keeper, Signal.Kill);

        await work.DisposeAsync();

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task A_sweep_ends_and_removes_what_dead_runs_left_and_nothing_else()
    {
        // What a power cut leaves: a marked directory that nobody holds, and here even a process of its run.
        var root = WorkRoot.Open(Root);
        await using var inUse = await root.CreateAsync("used", cancellationToken: TestContext.Current.CancellationToken);
        var run = Guid.NewGuid().ToString("N");
        var dead = PowerCut.Leave(Root, "dead", run);
        Directory.CreateDirectory(Path.Combine(dead, "a/b/c"));
        var foreign = Directory.CreateDirectory(Path.Combine(Root, "foreign")).FullName;
        await File.WriteAllTextAsync(Path.Combine(foreign, "file"), "", TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(Path.Combine(Root, "link"), foreign);
        using var orphan = Process.Start(new ProcessStartInfo("sleep", [marker.Seconds]) { Environment = { ["ORCHESTRATOR_RUN"] = run } })!;

        var result = await root.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal([dead], result.Removed);
        Assert.Contains(orphan.Id, result.Ended.Select(process => process.Id));
        Assert.Empty(marker.Alive());
        Assert.True(File.Exists(Path.Combine(foreign, "file")));
        Assert.True(Directory.Exists(inUse.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("0")]
    public async Task A_marker_that_names_no_run_is_none_and_ends_nothing(string run)
    {
        var root = WorkRoot.Open(Root);
        PowerCut.Leave(Root, "forged", run);
        using var bystander = Process.Start("env", ["-i", "A=0", "sleep", marker.Seconds]);
        await marker.UntilAliveAsync(1);

        var result = await root.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Empty(result.Removed);
        Assert.Equal([bystander.Id], marker.Pids());
    }

    [Fact]
    public void A_work_root_that_is_a_link_is_refused()
    {
        Directory.CreateSymbolicLink(Root, directory.Path);

        var exception = Assert.Throws<WorkDirectoryException>(() => WorkRoot.Open(Root));

        Assert.Contains("symbolic link", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ORCHESTRATOR_WORK", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_work_root_of_another_user_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a directory of another user");
        Directory.CreateDirectory(Root);
        Process.Start("chown", ["nobody", Root])!.WaitForExit();

        var exception = Assert.Throws<WorkDirectoryException>(() => WorkRoot.Open(Root));

        Assert.Contains("another user", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("full", "not empty")]
    [InlineData("file", "not a directory")]
    [InlineData("link", "symbolic link")]
    [InlineData("/", "root of the file system")]
    [InlineData(".", "current directory")]
    [InlineData("none/below", "No such file")]
    public async Task A_work_directory_that_is_not_ours_is_refused_and_nothing_runs(string name, string reason)
    {
        directory.Write("full/file", "mine");
        directory.Write("file", "mine");
        Directory.CreateSymbolicLink(directory.Combine("link"), directory.Combine("full"));
        var path = name is "/" or "." ? name : directory.Combine(name);

        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create("touch", directory.Combine("ran"))
                .WithWorkDirectory(path, WorkDirectoryRemoval.Always)
                .RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory.Combine("ran")));
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.Combine("full/file"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(WorkDirectoryRemoval.Always, "true", false)]
    [InlineData(WorkDirectoryRemoval.Cancelled, "true", true)]
    [InlineData(WorkDirectoryRemoval.Cancelled, "sleep", false)]
    [InlineData(WorkDirectoryRemoval.Never, "sleep", true)]
    public async Task The_work_directory_of_a_run_is_removed_when_it_is_to_be(WorkDirectoryRemoval removal, string program, bool stays)
    {
        await SupervisedCommand.Create(program, marker.Seconds)
            .WithWorkDirectory(Root, removal)
            .WithTimeout(program == "sleep" ? TimeSpan.FromMilliseconds(200) : null)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(stays, Directory.Exists(Root));
    }
}
