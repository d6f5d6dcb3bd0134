namespace Orchestrator.Processes.Tests;

public sealed class CancellationSourceTests
{
    [Fact]
    public async Task The_tokens_of_an_abort_can_be_had()
    {
        await Task.Yield();
        using var cancellation = BuildCancellation.Start();

        Assert.False(cancellation.Token.IsCancellationRequested);
        Assert.Null(cancellation.ExitCode);
    }

    [Fact]
    public async Task The_supervisors_that_are_kept_elsewhere_are_none_here()
    {
        using var pool = new SupervisorPool();

        var result = await Commands.Streams.WithSupervisors(pool).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(7, result.ExitCode);
    }

    [Fact]
    public async Task Who_is_connected_to_a_node_is_not_looked_for()
    {
        await Task.Yield();

        Assert.Empty(RunOwners.Clients);
    }

    [Fact]
    public async Task The_first_owner_is_the_calling_process_with_the_time_of_its_start()
    {
        await Task.Yield();
        using var self = System.Diagnostics.Process.GetCurrentProcess();

        Assert.Equal(new RunOwner(Environment.ProcessId, (ulong)self.StartTime.ToFileTimeUtc()), RunOwners.Default[0]);
    }
}
