using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>A way in which MSBuild runs the tasks of a build.</summary>
/// <param name="Name">What it is called in the names of tests.</param>
/// <param name="Arguments">For <c>dotnet</c>; the project and the target come after them.</param>
public sealed record BuildShape(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>Whether the task runs in the process that the user started.</summary>
    public bool IsInEntry { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Attributes of UsingTask.</summary>
    public string UsingTask { get; init; } = "";

    public static IReadOnlyList<BuildShape> All { get; } =
    [
        new("dotnet build", "build", "-nologo") { IsInEntry = true },
        new("dotnet msbuild", "msbuild", "-nologo") { IsInEntry = true },
        new("dotnet publish", "publish", "-nologo") { IsInEntry = true },
        new("dotnet test", "test", "-nologo") { IsInEntry = true },
        new("worker node", "build", "-nologo", "-m:2") { Environment = new Dictionary<string, string> { ["MSBUILDNOINPROCNODE"] = "1" } },
        new("reused node", "build", "-nologo", "-m:2", "-nr:true")
        {
            Environment = new Dictionary<string, string> { ["MSBUILDNOINPROCNODE"] = "1", ["MSBUILDDISABLENODEREUSE"] = "0" },
        },
        new("task host", "build", "-nologo") { UsingTask = "TaskFactory=\"TaskHostFactory\"" },
        new("multi-threaded", "msbuild", "-nologo", "-mt") { IsInEntry = true },
        new("server", "build", "-nologo") { Environment = new Dictionary<string, string> { ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1", ["MSBUILDUSESERVER"] = "1", ["MSBUILDDISABLENODEREUSE"] = "0" } },
    ];

    public static BuildShape Find(string name) => All.First(shape => shape.Name == name);

    /// <summary>
    /// Its variables, with a temporary folder that is the test's own: MSBuild, when it is killed, leaves files there, and so does
    /// our task. Nodes, too, are the test's own: the handshake tells them from those of a test that runs beside it, and that ends
    /// with all that it started.
    /// </summary>
    private Dictionary<string, string> EnvironmentWith(string temporary) =>
        new(Environment) { ["TMPDIR"] = temporary, ["MSBUILDNODEHANDSHAKESALT"] = temporary };

    /// <summary>Starts a build of a project with some tasks in this shape.</summary>
    internal Job Start(PackedPackage package, TestDirectory directory, string temporary, string tasks)
    {
        var project = directory.Write("test.csproj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
              <UsingTask TaskName="Orchestrator.MSBuild.ExecInProcessGroup" AssemblyFile="$(OrchestratorTaskAssembly)" {UsingTask} Override="true" />
              <Target Name="Restore" />
              <Target Name="Build">
                {tasks}
              </Target>
              <Target Name="Publish" DependsOnTargets="Build" />
              <Target Name="VSTest" DependsOnTargets="Build" />
              <Target Name="_MTPBuild" DependsOnTargets="Build" />
            </Project>
            """);
        return Job.Start(EnvironmentWith(temporary), "env", ["-C", directory.Path, "dotnet", .. Arguments.Take(1), project, .. Arguments.Skip(1)]);
    }

    public override string ToString() => Name;
}
