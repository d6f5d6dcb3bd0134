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

    private Process StartOwner(params string[] words) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["owner", "", marker.Program, .. words]) { RedirectStandardOutput = true })!;

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
