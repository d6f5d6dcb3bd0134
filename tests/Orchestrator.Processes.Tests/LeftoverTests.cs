using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class LeftoverTests : IDisposable
{
    private readonly Marker marker = new();

    public void Dispose() => marker.KillAll();

    [Fact]
    public async Task Leftovers_are_ended_and_named_and_the_exit_status_stays_the_commands()
    {
        var result = await Commands.LeaveTwo(marker).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(marker.Alive());
        Assert.Equal((RunEnd.Exited, 5), (result.EndedBy, result.ExitCode));
        Assert.Equal(2, result.Leftovers.Count);
        Assert.All(result.Leftovers, leftover => Assert.Equal(Commands.SleeperName(marker), leftover.Command));
    }

    [Fact]
    public async Task Leftovers_fail_the_run_where_they_must_not_be()
    {
        var result = await Commands.LeaveTwo(marker).WithLeftovers(LeftoversPolicy.Fail).RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(marker.Alive());
        Assert.Equal((RunEnd.Leftovers, 120), (result.EndedBy, result.ExitCode));
    }
}
