namespace Orchestrator.MSBuild.Tests;

/// <summary>ExecInProcessGroup takes the place of Exec: the same task says and does the same.</summary>
public sealed class ParityTests(ParityBuilds builds) : IClassFixture<ParityBuilds>
{
    public static TheoryData<string> Names => [.. ParityCases.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_as_with_Exec(string name) =>
        Assert.Equal(builds.Exec(name), builds.ExecInProcessGroup(name));

    [Fact]
    public void What_is_compared_is_there()
    {
        Assert.Contains("ExitCode: 1", builds.ExecInProcessGroup("exit code 1"));
        Assert.Contains(builds.ExecInProcessGroup("exit code 0 after an error line"), line => line.Contains("MSB3077", StringComparison.Ordinal));
        Assert.Contains("succeeded: True", builds.ExecInProcessGroup("a long command"));
        Assert.Contains("ConsoleOutput: Grüße, 世界 🎉", builds.ExecInProcessGroup("characters beyond ASCII"));
    }
}
