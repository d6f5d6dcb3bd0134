using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class OwnerEndTests : IDisposable
{
    private const int Deadline = 120_000; // ms, on a busy machine; most take one second

    private readonly Marker marker = new();

    public static TheoryData<string, int> Trees => new()
    {
        { "plain", 5 },
        { "orphan", 3 },
        { "deaf", 2 },
        { "detached", 2 },
        { "group", 4 },
        { "console", 4 },
        { "breakaway", 2 },
        { "job", 2 },
        { "chain", 51 },
        { "siblings", 201 },
        { "window", 1 },
    };

    public void Dispose() => marker.KillAll();

    [Theory(Timeout = Deadline)]
    [MemberData(nameof(Trees))]
    public async Task TerminateProcess_to_the_owner_leaves_nothing_of(string tree, int processes)
    {
        using var owner = StartOwner("script", tree);
        var line = await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not (null or "READY"))
        {
            line = await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("READY", line);
        Assert.Equal(processes, marker.Pids().Count);

        Snapshot.Terminate(owner.Id);
        await owner.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.IsTrueAsync(() => marker.Pids().Count == 0, () => $"none is left of {string.Join(", ", marker.Alive())}", TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_storm_of_processes_ends_with_its_owner()
    {
        using var owner = StartOwner("script", "storm");
        Assert.Equal("READY", await owner.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

        Snapshot.Terminate(owner.Id);
        await owner.WaitForExitAsync(TestContext.Current.CancellationToken);

        // One that forks faster than it can be looked at may be between two processes at a moment.
        var seen = 0;
        await Eventually.IsTrueAsync(() => (seen = marker.Pids().Count == 0 ? seen + 1 : 0) > 50, () => "the storm is over", TimeSpan.FromSeconds(10));
    }

    [Fact(Timeout = Deadline)]
    public async Task An_owner_that_is_named_ends_the_run_with_its_own_end()
    {
        using var other = new OtherOwner();
        var ready = new TaskCompletionSource();
        var run = Commands.Script(Commands.PlainTree, marker)
            .WithOwners(new RunOwner(other.Process.Id, (ulong)other.Process.StartTime.ToFileTimeUtc()))
            .WithStandardOutput(_ => ready.TrySetResult())
            .RunAsync(TestContext.Current.CancellationToken);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Snapshot.Terminate(other.Process.Id);

        var result = await run.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal((RunEnd.OwnerExited, 143), (result.EndedBy, result.ExitCode));
        Assert.Empty(marker.Alive());
    }

    [Fact(Timeout = Deadline)]
    public async Task An_owner_whose_PID_is_anothers_by_now_cancels_at_once()
    {
        using var other = new OtherOwner();

        var result = await Commands.Script(Commands.PlainTree, marker)
            .WithOwners(new RunOwner(other.Process.Id, 1))
            .RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(RunEnd.OwnerExited, result.EndedBy);
        Assert.Empty(marker.Alive());
    }

    [Theory(Timeout = Deadline)]
    [InlineData("dotnet")]
    [InlineData("shell")]
    public async Task TerminateProcess_to_what_is_above_the_owner_leaves_nothing(string ended)
    {
        using var above = new Above();
        string[] owner = [Environment.ProcessPath!, "owner", "", marker.Program, "script", "plain"];
        using var process = ended == "dotnet" ? Above.Start(ci: "", above.Dotnet, ["run", .. owner]) : Above.Start(ci: "true", above.Shell, ["run", above.Dotnet, "run", .. owner]);
        Assert.Equal("READY", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Snapshot.Terminate(process.Id);

        await Eventually.IsTrueAsync(() => marker.Pids().Count == 0, () => $"none is left of {string.Join(", ", marker.Alive())}", TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = Deadline)]
    public async Task A_job_that_the_dotnet_above_made_ends_all_with_it_and_the_next_sweep_removes_the_work_directory()
    {
        using var above = new Above();
        var root = WorkRoot.Open(above.WorkRootPath);
        using var process = Above.Start(ci: "", above.Dotnet, ["run", "reap", Environment.ProcessPath!, "owner", root.Path, marker.Program, "script", "plain"]);
        Assert.StartsWith("WORK ", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("READY", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Snapshot.Terminate(process.Id);

        await Eventually.IsTrueAsync(() => marker.Pids().Count == 0, () => $"none is left of {string.Join(", ", marker.Alive())}", TimeSpan.FromSeconds(5));
        await Eventually.IsTrueAsync(
            () =>
            {
                _ = root.SweepAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
                return !Directory.EnumerateFileSystemEntries(root.Path).Any();
            },
            () => "the work directory is gone",
            TimeSpan.FromSeconds(5));
    }

    [Fact(Timeout = Deadline)]
    public async Task TerminateProcess_to_the_dotnet_above_aborts_a_build_that_runs_nothing()
    {
        using var above = new Above();
        using var process = Above.Start(ci: "", above.Dotnet, ["run", Environment.ProcessPath!, "listener"]);
        Assert.Equal("READY", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Snapshot.Terminate(process.Id);

        Assert.Equal("OwnerExited 143", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private Process StartOwner(params string[] words) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["owner", "", marker.Program, .. words]) { RedirectStandardOutput = true })!;

    /// <summary>Programs that start others as the dotnet CLI does, one of which has its name.</summary>
    private sealed class Above : IDisposable
    {
        private readonly TestDirectory directory = new();

        internal Above()
        {
            File.Copy(Marker.Tree, Dotnet);
            File.Copy(Marker.Tree, Shell);
        }

        internal string Dotnet => directory.Combine("dotnet.exe");

        internal string WorkRootPath => directory.Combine("work");

        internal string Shell => directory.Combine("shell-above.exe");

        internal static Process Start(string ci, string program, string[] words) =>
            Process.Start(new ProcessStartInfo(program, words) { RedirectStandardOutput = true, Environment = { ["CI"] = ci } })!;

        public void Dispose()
        {
            foreach (var left in Snapshot.Take().Where(process => process.Name is "dotnet.exe" or "shell-above.exe"))
            {
                Snapshot.Terminate(left.Id);
            }

            Eventually.IsTrueAsync(() => !Snapshot.Take().Any(process => process.Name is "dotnet.exe" or "shell-above.exe"), () => "they have ended", TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
            directory.Dispose();
        }
    }

    private sealed class OtherOwner : IDisposable
    {
        private readonly Marker marker = new();

        internal OtherOwner() => Process = Process.Start(marker.Program, ["sleep"]);

        internal Process Process { get; }

        public void Dispose()
        {
            marker.KillAll();
            Process.Dispose();
        }
    }
}
