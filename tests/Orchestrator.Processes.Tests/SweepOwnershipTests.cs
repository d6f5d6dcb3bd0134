using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>What a sweep takes for ours, and what it leaves alone: copies, forged and broken markers, look-alikes, what is in use.</summary>
public sealed class SweepOwnershipTests : IDisposable
{
    private const string Ours = "pkg.0123456789ab";
    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

    private string Root => directory.Combine("work");

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Fact]
    public async Task A_copy_of_a_directory_in_use_ends_nothing_and_is_reported()
    {
        await using var work = await WorkRoot.Open(Root).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var run = work.Contain(SupervisedCommand.Create("bash", "-c", $"sleep {marker.Seconds} & echo READY; wait"))
            .WithStandardOutput(_ => ready.TrySetResult())
            .RunAsync(cancel.Token);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Shell.MustAsync("cp -a \"$1\" \"$1.copy\" && mkdir \"$2/forged\"", work.Path, Root);
        PowerCut.Mark(Path.Combine(Root, "forged"), work.Environment["ORCHESTRATOR_RUN"]!);

        var result = await SweepAsync();

        Assert.Empty(result.Removed);
        Assert.Equal(2, result.Problems.Count);
        Assert.All(result.Problems, problem => Assert.Contains("it is a copy", problem, StringComparison.Ordinal));
        Assert.NotEmpty(marker.Alive());
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<RunCanceledException>(() => run);
        Directory.Delete(work.Path + ".copy", recursive: true);
    }

    [Theory]
    [InlineData("empty", "printf ''")]
    [InlineData("binary", "head -c 100000 /dev/urandom")]
    [InlineData("another heading", "printf 'hello\\nrun: %s\\ndirectory: %s\\n' $RUN $(stat -c %i .)")]
    [InlineData("no directory", "sed '/^directory/d' good")]
    [InlineData("another directory", "sed 's/^directory.*/directory: 1/' good")]
    [InlineData("a huge directory", "sed 's/^directory.*/directory: 99999999999999999999999/' good")]
    [InlineData("a negative directory", "sed 's/^directory: /directory: -/' good")]
    [InlineData("no line end", "tr -d '\\n' < good")]
    [InlineData("more lines", "cat good good")]
    [InlineData("upper case", "sed \"s/$RUN/${RUN^^}/\" good")]
    [InlineData("spaces", "sed 's/^run: /run:  /' good")]
    [InlineData("a path", "sed 's,^run: .*,run: ../../etc,' good")]
    [InlineData("an empty part", "sed 's,^run: .*,&/,' good")]
    [InlineData("everybody", "sed 's,^run: .*,run: *,' good")]
    [InlineData("a NUL", "sed 's/^run: /run: \\x00/' good")]
    [InlineData("a megabyte", "sed '/^directory/d' good; yes $RUN | head -n 30000 | paste -sd /; grep ^directory good")]
    public async Task A_marker_that_is_not_whole_is_none(string what, string command)
    {
        var run = Guid.NewGuid().ToString("N");
        var path = PowerCut.Leave(Root, Ours, run);
        using var bystander = Bystander(run);

        await Shell.MustAsync($"cd \"$1\"; mv .orchestrator-work good; RUN=$2; {{ {command}; }} > .orchestrator-work", path, run);
        var result = await SweepAsync();

        Assert.Empty(result.Removed);
        Assert.True(Directory.Exists(path), what);
        Assert.Equal([bystander.Id], marker.Pids());
    }

    [Theory]
    [InlineData("mkfifo .orchestrator-work")]
    [InlineData("mkdir .orchestrator-work")]
    [InlineData("ln -s good .orchestrator-work")]
    [InlineData("ln -s /no/such .orchestrator-work")]
    [InlineData("ln -s /dev/zero .orchestrator-work")]
    [InlineData("mknod .orchestrator-work c 1 5")]
    [InlineData("perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \".orchestrator-work\", Listen => 1)'")]
    public async Task A_marker_that_is_no_plain_file_is_none_and_is_not_opened(string command)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess || !command.StartsWith("mknod", StringComparison.Ordinal), "only root can make a device");
        var path = PowerCut.Leave(Root, Ours);
        await Shell.MustAsync($"cd \"$1\"; mv .orchestrator-work good; {command}", path);

        var result = await SweepAsync();

        Assert.Empty(result.Removed);
        Assert.Empty(result.Problems);
        Assert.True(File.Exists(Path.Combine(path, "good")));
    }

    [Fact]
    public async Task A_process_that_only_looks_like_one_of_the_run_is_not_ended()
    {
        var run = Guid.NewGuid().ToString("N");
        var other = Guid.NewGuid().ToString("N");
        PowerCut.Leave(Root, Ours, $"{other}/{run}");
        using var inArguments = Process.Start("bash", ["-c", $"sleep {marker.Seconds}; :", $"ORCHESTRATOR_RUN={run}"]);
        using var outer = Bystander(other);
        using var longer = Bystander(run + "0");
        using var inOther = Process.Start(new ProcessStartInfo("sleep", [marker.Seconds]) { Environment = { ["MY_ORCHESTRATOR_RUN"] = run } })!;
        using var lost = Bystander($"{other}/{run}/{Guid.NewGuid():N}");
        await marker.UntilAliveAsync(6);

        var result = await SweepAsync();

        Assert.Contains(lost.Id, result.Ended.Select(process => process.Id));
        Assert.DoesNotContain(lost.Id, marker.Pids());
        Assert.Equal(5, marker.Alive().Count);
    }

    [Fact]
    public async Task What_is_in_use_is_left_alone_by_any_number_of_sweeps_at_once()
    {
        var root = WorkRoot.Open(Root);
        using var stop = new CancellationTokenSource();
        var sweeps = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var result = await root.SweepAsync(TestContext.Current.CancellationToken);
                Assert.Empty(result.Problems);
            }
        })).ToList();

        for (var round = 0; round < 60; round++)
        {
            await using var work = await root.CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(work.Path, "file"), "mine", TestContext.Current.CancellationToken);
            Assert.True((await work.Contain(SupervisedCommand.Create("test", "-e", Path.Combine(work.Path, "file"))).RunAsync(TestContext.Current.CancellationToken)).IsSuccess);
        }

        await stop.CancelAsync();
        await Task.WhenAll(sweeps);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task Only_what_a_keeper_could_have_made_is_removed_unmarked()
    {
        // ORCHESTRATOR_WORK can be a folder that holds other things too.
        Directory.CreateDirectory(directory.Combine("work/empty"));
        Directory.CreateDirectory(directory.Combine("work/pkg.0123456789xy"));
        Directory.CreateDirectory(directory.Combine("work/" + Ours));
        Directory.CreateDirectory(directory.Combine("work/cut.0123456789ab"));
        directory.Write("work/cut.0123456789ab/.orchestrator-work.f00", "half");
        directory.Write("work/full.0123456789ab/file", "mine");
        Directory.CreateDirectory(directory.Combine("work/young.0123456789ab"));
        await Shell.MustAsync("cd \"$1\"; touch -d '-2 minutes' empty pkg.* cut.* full.*", Root);

        var result = await SweepAsync();

        Assert.Empty(result.Problems);
        Assert.Equal(
            ["empty", "full.0123456789ab", "pkg.0123456789xy", "young.0123456789ab"],
            Directory.EnumerateDirectories(Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private Task<SweepResult> SweepAsync() => WorkRoot.Open(Root).SweepAsync(TestContext.Current.CancellationToken);

    private Process Bystander(string run) =>
        Process.Start(new ProcessStartInfo("sleep", [marker.Seconds]) { Environment = { ["ORCHESTRATOR_RUN"] = run } })!;
}
