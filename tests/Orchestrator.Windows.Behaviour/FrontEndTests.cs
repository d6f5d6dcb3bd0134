using Cake.Core.IO;
using Microsoft.Build.Framework;
using Orchestrator.Cake;
using Orchestrator.Cake.Tests;
using Orchestrator.MSBuild;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>The front ends load on Windows, and run commands there. Their hosts, MSBuild and Cake, do not run under wine.</summary>
public sealed class FrontEndTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Fact]
    public async Task ExecInProcessGroup_runs_a_command_by_cmd_exe()
    {
        var engine = new FakeBuildEngine();
        var task = new ExecInProcessGroup
        {
            BuildEngine = engine,
            Command = $"\"{Marker.Tree}\" show \"a b\"\n\"{Marker.Tree}\" exit 3",
            WorkingDirectory = directory.Path,
            EnvironmentVariables = ["VAR=é"],
            StdOutEncoding = "utf-8", // which is what it prints; the default is that of the console
        };

        Assert.False(await Task.Run(task.Execute, TestContext.Current.CancellationToken));

        Assert.Contains("<é><><a b>", engine.Events.Select(happened => happened.Message));
        Assert.Equal(3, task.ExitCode);
        Assert.Equal("MSB3073", Assert.Single(engine.Events.OfType<BuildErrorEventArgs>()).Code);
    }

    [Fact]
    public async Task ExecInProcessGroup_leaves_nothing_when_it_is_cancelled()
    {
        var engine = new FakeBuildEngine();
        var task = new ExecInProcessGroup { BuildEngine = engine, Command = "\"%TREE%\" script plain", EnvironmentVariables = [$"TREE={marker.Program}"] };
        var running = Task.Run(task.Execute, TestContext.Current.CancellationToken);
        await marker.UntilAliveAsync(5);
        task.Cancel();

        Assert.False(await running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));

        Assert.Empty(marker.Alive());
        Assert.Equal("Build cancelled by user", Assert.Single(engine.Events.OfType<BuildErrorEventArgs>()).Message);
    }

    [Fact]
    public async Task StartProcessGroup_of_Cake_runs_a_command()
    {
        await Task.Yield();
        using var cake = new FakeCake();

        var code = cake.StartProcessGroup(Marker.Tree, new ProcessSettings { Arguments = "streams", RedirectStandardOutput = true }, out var output);

        Assert.Equal(7, code);
        Assert.Equal(["out 1", "out 2", "out 3"], output!);
    }
}
