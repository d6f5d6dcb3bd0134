namespace Orchestrator.MSBuild.Tests;

/// <summary>A way in which MSBuild runs the tasks of a build.</summary>
/// <param name="Name">What it is called in the names of tests.</param>
/// <param name="Arguments">For <c>dotnet</c>; the project and the target come after them.</param>
public sealed record BuildShape(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>Whether the task runs in the process that the user started.</summary>
    public bool IsInEntry { get; init; }

    /// <summary>Whether a process of it outlives a build on purpose.</summary>
    public bool LeavesNodes { get; init; }

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
            LeavesNodes = true,
            Environment = new Dictionary<string, string> { ["MSBUILDNOINPROCNODE"] = "1", ["MSBUILDDISABLENODEREUSE"] = "0" },
        },
        new("task host", "build", "-nologo") { UsingTask = "TaskFactory=\"TaskHostFactory\"" },
        new("multi-threaded", "msbuild", "-nologo", "-mt") { IsInEntry = true },
        new("server", "build", "-nologo") { LeavesNodes = true, Environment = new Dictionary<string, string> { ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1", ["MSBUILDUSESERVER"] = "1", ["MSBUILDDISABLENODEREUSE"] = "0" } },
    ];

    public static BuildShape Find(string name) => All.First(shape => shape.Name == name);

    public override string ToString() => Name;
}
