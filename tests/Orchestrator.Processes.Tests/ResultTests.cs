using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class ResultTests : IDisposable
{
    private readonly Marker marker = new();

    public void Dispose() => marker.KillAll();

    [Fact]
    public async Task A_signal_that_ended_the_command_is_named()
    {
        var result = await SupervisedCommand.Create("sh", "-c", "kill -SEGV $$").RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((RunEnd.Signalled, "SEGV", 128 + 11), (result.EndedBy, result.Signal, result.ExitCode));
    }

    [Theory]
    [InlineData("orchestrator-no-such-program", 127, "was not found")]
    [InlineData("/no/such/program", 127, "was not found")]
    [InlineData("/", 126, "cannot execute '/'")]
    public async Task A_command_that_cannot_be_run_is_one_clear_error(string program, int exitCode, string message)
    {
        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create(program).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(exitCode, exception.ExitCode);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_executable_and_a_missing_interpreter_are_told_apart()
    {
        using var directory = new TestDirectory();
        var plain = directory.Write("plain", "#!/bin/sh\n");
        var broken = directory.Write("broken", "#!/no/such/interpreter\n");
        File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var first = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(plain).RunAsync(TestContext.Current.CancellationToken));
        var second = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(broken).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal((126, 126), (first.ExitCode, second.ExitCode));
        Assert.Contains("Permission denied", first.Message, StringComparison.Ordinal);
        Assert.Contains("interpreter", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_is_not_taken_for_a_missing_command()
    {
        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create("true").WithWorkingDirectory("/no/such/place").RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(125, exception.ExitCode);
        Assert.Contains("/no/such/place", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_run_used_is_measured()
    {
        var result = await SupervisedCommand.Create("bash", "-c", "for ((i = 0; i < 200000; i++)); do :; done; x=$(head -c 30000000 /dev/zero | tr '\\0' x); :")
            .WithContainment(Containment.Supervised)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.True(result.CpuTime > TimeSpan.FromMilliseconds(20), $"CPU time {result.CpuTime}");
        Assert.True(result.PeakMemory > 30_000_000, $"peak memory {result.PeakMemory}");
        Assert.True(result.Duration > TimeSpan.Zero);
        Assert.Equal(Containment.Supervised, result.Containment);
        Assert.True(result.ProcessGroupId > 1);
    }

    [Fact]
    public async Task A_leftover_that_left_the_group_is_named_as_an_escapee()
    {
        var result = await Commands.LeaveTwo(marker).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal("sleep", Assert.Single(result.Escapees).Command);
    }

    [Fact]
    public async Task An_allowed_leftover_is_let_live_and_the_others_are_ended()
    {
        var result = await SupervisedCommand.Create("bash", "-c", $"sleep {marker.Seconds} & until grep -qx sleep /proc/$!/comm; do :; done; timeout 4000 sleep {marker.Seconds} & until [ $(pgrep -cx -f 'sleep {marker.Seconds}') = 2 ]; do :; done; exit 0")
            .WithLeftovers(LeftoversPolicy.Fail, "sleep")
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(120, result.ExitCode);
        Assert.NotEmpty(marker.Alive());
        Assert.All(marker.Alive(), process => Assert.EndsWith("(sleep)", process, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_umask_is_the_commands()
    {
        var lines = new List<string>();

        await SupervisedCommand.Create("sh", "-c", "umask")
            .WithUmask(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherRead)
            .WithStandardOutput(lines.Add)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["0026"], lines);
    }
}
