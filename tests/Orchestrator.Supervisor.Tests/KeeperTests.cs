using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

public sealed class KeeperTests : SupervisorTests
{
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_holds_the_directory_until_it_is_told_to_stop(bool native)
    {
        var work = Directory.Combine("work");
        var keeper = Start(native, "--hold", "--work-dir", work, "--remove-work-dir", "always");
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(work, ".orchestrator-work")), "the directory is marked");
        await File.WriteAllTextAsync(Path.Combine(work, "half-written"), "x", TestContext.Current.CancellationToken);
        Signal.Send(keeper, Signal.Term);

        Assert.Equal(0, await Supervise.ExitAsync(keeper));
        Assert.False(System.IO.Directory.Exists(work));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_removes_the_directory_when_its_owner_is_killed(bool native)
    {
        var work = Directory.Combine("work");
        var owner = StartOther("sleep", Marker.Seconds);
        var keeper = Start(native, "--owner", $"{owner.Id}", "--hold", "--work-dir", work, "--remove-work-dir", "always");
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(work, ".orchestrator-work")), "the directory is marked");
        Signal.Send(owner, Signal.Kill);

        Assert.Equal(143, await Supervise.ExitAsync(keeper));
        Assert.False(System.IO.Directory.Exists(work));
    }

    [Fact]
    public async Task SIGUSR1_leaves_the_directory_unmarked()
    {
        var work = Directory.Combine("work");
        var keeper = Start(true, "--hold", "--work-dir", work, "--remove-work-dir", "always");
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(work, ".orchestrator-work")), "the directory is marked");
        Signal.Send(keeper, Signal.Usr1);

        Assert.Equal(0, await Supervise.ExitAsync(keeper));
        Assert.Empty(System.IO.Directory.EnumerateFileSystemEntries(work));
    }

    [Fact]
    public async Task It_waits_for_a_run_inside_to_be_empty_before_it_removes()
    {
        // Both lose the same owner at the same moment, and the run's command goes on writing for its whole grace period.
        var work = Directory.Combine("work");
        var owner = StartOther("sleep", Marker.Seconds);
        var keeper = Start(true, "--owner", $"{owner.Id}", "--hold", "--work-dir", work, "--remove-work-dir", "always");
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(work, ".orchestrator-work")), "the directory is marked");
        var run = Start(true, "--owner", $"{owner.Id}", "--work-dir", work, "--remove-work-dir", "never", "--", "bash", "-c", $"trap '' TERM; echo READY; while :; do mkdir -p '{work}/late'; echo {Marker.Seconds} > '{work}/late/file'; done");
        await WaitForReadyAsync(run);
        Signal.Send(owner, Signal.Kill);

        Assert.Equal(143, await Supervise.ExitAsync(keeper));
        Assert.Equal(143, await Supervise.ExitAsync(run));
        Assert.False(System.IO.Directory.Exists(work));
    }
}
