using System.Security;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>A build that a test aborts, and what is left of it.</summary>
internal sealed class AbortedBuild(PackedPackage package) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TestDirectory directory = new();

    /// <summary>Carried by what the task of <see cref="StartAsync"/> started.</summary>
    internal Marker Marker { get; } = new();

    private string Work => Combine("work of the run");

    internal string Combine(string name) => directory.Combine(name);

    /// <summary>Starts a build, and waits until two processes of its task are there.</summary>
    internal async Task<Job> StartAsync(BuildShape shape, string before = "", string attributes = "")
    {
        var job = StartWith(shape, $"{before}sleep {Marker.Seconds} & setsid sleep {Marker.Seconds} & echo READY; wait", attributes);
        try
        {
            job.WaitForLine("READY");
            await Marker.UntilAliveAsync(2);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    internal Job StartWith(BuildShape shape, string command, string attributes = "")
    {
        var project = directory.Write("test.csproj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
              <UsingTask TaskName="Orchestrator.MSBuild.ExecInProcessGroup" AssemblyFile="$(OrchestratorTaskAssembly)" {shape.UsingTask} Override="true" />
              <Target Name="Restore" />
              <Target Name="Build">
                <ExecInProcessGroup Command="{SecurityElement.Escape(command)}" WorkDirectory="{Work}" {attributes} />
              </Target>
              <Target Name="Publish" DependsOnTargets="Build" />
              <Target Name="VSTest" DependsOnTargets="Build" />
              <Target Name="_MTPBuild" DependsOnTargets="Build" />
            </Project>
            """);
        return Job.Start(
            shape.EnvironmentWith(Directory.CreateDirectory(Combine("tmp")).FullName),
            "env",
            ["-C", directory.Path, "dotnet", .. shape.Arguments.Take(1), project, .. shape.Arguments.Skip(1)]);
    }

    internal async Task NothingIsLeftAsync(Job job)
    {
        await Eventually.IsTrueAsync(() => Marker.Alive().Count == 0, () => $"alive: {string.Join(", ", Marker.Alive())}\n{job.Text}", Limit);
        await Eventually.IsTrueAsync(() => !Directory.Exists(Work), () => $"removed: {Work}\n{job.Text}", Limit);
    }

    public void Dispose()
    {
        Marker.KillAll();
        directory.Dispose();
    }
}
