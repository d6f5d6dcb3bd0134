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
    public async Task No_owner_is_looked_for_that_the_kernel_does_not_tell_of()
    {
        await Task.Yield();

        Assert.Empty(RunOwners.Default);
        Assert.Empty(RunOwners.Clients);
    }
}
