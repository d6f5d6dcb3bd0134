using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class WorkDirectoryTests : IDisposable
{
    private const int Deadline = 120_000; // ms, on a busy machine; most take one second

    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

    private string Root => directory.Combine("work");

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Fact(Timeout = Deadline)]
    public async Task It_exists_until_it_is_disposed_of()
    {
        string path;
        await using (var work = await WorkRoot.Open(Root).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken))
        {
            path = work.Path;
            Assert.StartsWith(Path.Combine(Root, "pkg."), path, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(path, "file"), "", TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact(Timeout = Deadline)]
    public async Task Everything_in_it_goes()
    {
        await using (var work = await WorkRoot.Open(Root).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken))
        {
            var readOnly = Path.Combine(work.Path, "read-only");
            await File.WriteAllTextAsync(readOnly, "", TestContext.Current.CancellationToken);
            File.SetAttributes(readOnly, FileAttributes.ReadOnly | FileAttributes.Hidden);
            var deep = Directory.CreateDirectory(Path.Combine([work.Path, .. Enumerable.Repeat(new string('d', 100), 10)])).FullName;
            await File.WriteAllTextAsync(Path.Combine(deep, "leaf é—漢"), "", TestContext.Current.CancellationToken);
            foreach (var name in (string[])["nul", "com1.txt", "dot.", "space "])
            {
                await File.WriteAllTextAsync(@"\\?\" + Path.Combine(work.Path, name), "", TestContext.Current.CancellationToken);
            }

            Assert.Equal(7, new DirectoryInfo(work.Path).GetFileSystemInfos().Length); // with the marker
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact(Timeout = Deadline)]
    public async Task What_is_in_use_stays_and_is_named_until_a_sweep_can_remove_it()
    {
        var root = WorkRoot.Open(Root);
        var work = await root.CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken);
        var busy = Path.Combine(work.Path, "busy");
        await using (var stream = new FileStream(busy, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            var exception = await Assert.ThrowsAsync<WorkDirectoryException>(work.RemoveAsync);
            Assert.Contains(busy, exception.Message, StringComparison.Ordinal);
        }

        var result = await root.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal([work.Path], result.Removed);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact(Timeout = Deadline)]
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

    [Fact(Timeout = Deadline)]
    public async Task A_keeper_that_was_ended_is_made_up_for()
    {
        var keeper = 0;
        var work = await WorkRoot.Open(Root).CreateAsync(
            "pkg",
            happened => keeper = happened is RunEvent.Started started ? started.ProcessId : keeper,
            TestContext.Current.CancellationToken);
        Snapshot.Terminate(keeper);

        await work.DisposeAsync();

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_sweep_removes_what_nobody_holds_and_nothing_else()
    {
        var root = WorkRoot.Open(Root);
        await using var inUse = await root.CreateAsync("used", cancellationToken: TestContext.Current.CancellationToken);
        var dead = await LeaveDeadAsync();
        Directory.CreateDirectory(Path.Combine(dead, "a", "b"));
        var foreign = Directory.CreateDirectory(Path.Combine(Root, "foreign")).FullName;
        await File.WriteAllTextAsync(Path.Combine(foreign, "file"), "", TestContext.Current.CancellationToken);
        var copy = Directory.CreateDirectory(Path.Combine(Root, "copy")).FullName;
        File.Copy(Path.Combine(dead, ".orchestrator-work"), Path.Combine(copy, ".orchestrator-work"));

        var result = await root.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal([dead], result.Removed);
        Assert.Contains("it is a copy", Assert.Single(result.Problems), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(foreign, "file")));
        Assert.True(Directory.Exists(inUse.Path));
    }

    [Fact(Timeout = Deadline)]
    public async Task TerminateProcess_to_the_owner_removes_it_within_five_seconds()
    {
        using var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["owner", Root, marker.Program, "script", "plain"]) { RedirectStandardOutput = true })!;
        var line = await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("WORK ", line, StringComparison.Ordinal);
        Assert.Equal("READY", await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var path = line!["WORK ".Length..];
        Assert.True(Directory.Exists(path));

        Snapshot.Terminate(owner.Id);
        await owner.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => !Directory.Exists(path), () => $"{path} is gone", TimeSpan.FromSeconds(5));
        Assert.Empty(marker.Alive());
        await Eventually.IsTrueAsync(() => Keepers().Count == 0, () => "the keeper has ended", TimeSpan.FromSeconds(5));
    }

    [Theory(Timeout = Deadline)]
    [InlineData("full", "not empty")]
    [InlineData("file", "not a directory")]
    [InlineData(@"C:\", "root of a volume")]
    [InlineData(".", "current directory")]
    [InlineData(@"none\below", "No such file")]
    public async Task A_work_directory_that_is_not_ours_is_refused_and_nothing_runs(string name, string reason)
    {
        directory.Write(@"full\file", "mine");
        directory.Write("file", "mine");
        var path = name is @"C:\" or "." ? name : directory.Combine(name);
        foreach (var removal in Enum.GetValues<WorkDirectoryRemoval>())
        {
            var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
                Commands.Sleep(marker).WithWorkDirectory(path, removal).RunAsync(TestContext.Current.CancellationToken));

            Assert.Equal(125, exception.ExitCode);
            Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        }

        Assert.Empty(marker.Alive());
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.Combine(@"full\file"), TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = Deadline)]
    [InlineData(WorkDirectoryRemoval.Always, false, false)]
    [InlineData(WorkDirectoryRemoval.Cancelled, false, true)]
    [InlineData(WorkDirectoryRemoval.Cancelled, true, false)]
    [InlineData(WorkDirectoryRemoval.Never, true, true)]
    public async Task The_work_directory_of_a_run_is_removed_when_it_is_to_be(WorkDirectoryRemoval removal, bool isCancelled, bool stays)
    {
        var command = isCancelled ? Commands.Sleep(marker).WithTimeout(TimeSpan.FromMilliseconds(200)) : Commands.Lines(1);

        await command.WithWorkDirectory(Root, removal).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(stays, Directory.Exists(Root));
    }

    // As a power cut leaves one: marked, and nobody holds it. Its owner and its keeper are ended, the keeper first.
    private async Task<string> LeaveDeadAsync()
    {
        var before = Keepers();
        using var owner = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["owner", Root, marker.Program, "script", "plain"]) { RedirectStandardOutput = true })!;
        var line = await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Equal("READY", await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Snapshot.Terminate(Assert.Single(Keepers().Except(before)));
        Snapshot.Terminate(owner.Id);
        await owner.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => marker.Pids().Count == 0, "the run has ended");
        return line!["WORK ".Length..];
    }

    private static IReadOnlyList<int> Keepers() =>
        [.. Snapshot.Take().Where(process => process.Name == "orchestrator-keep.exe").Select(process => process.Id)];
}
