using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class KilledSupervisorTests : IDisposable
{
    private readonly Marker marker = new();

    public void Dispose() => marker.KillAll();

    [Theory]
    [InlineData("plain tree", 4)]
    [InlineData("deaf to SIGTERM, SIGINT and SIGHUP", 3)]
    [InlineData("setsid", 3)]
    [InlineData("stopped", 2)]
    [InlineData("scrubbed, but in the session", 2)]
    public async Task A_supervisor_that_is_killed_is_reported_and_what_it_held_is_ended(string script, int processes)
    {
        var supervisor = new TaskCompletionSource<int>();
        var command = script == "scrubbed, but in the session"
            ? SupervisedCommand.Create("env", "-i", "/bin/sh", "-c", $"sleep {marker.Seconds} & (sleep {marker.Seconds} &) ; wait")
            : Commands.Script(script, marker);
        var run = command
            .WithEvents(happened => supervisor.TrySetResult(Signal.Relations(((RunEvent.Started)happened).ProcessId)!.Value.Parent))
            .RunAsync(TestContext.Current.CancellationToken);
        await marker.UntilAliveAsync(processes);
        Signal.Send(await supervisor.Task, Signal.Kill);

        var exception = await Assert.ThrowsAsync<SupervisorException>(() => run);

        Assert.Contains("was killed", exception.Message, StringComparison.Ordinal);
        Assert.Empty(marker.Alive());
    }
}
