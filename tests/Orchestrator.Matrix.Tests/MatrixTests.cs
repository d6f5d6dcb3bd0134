using Orchestrator.Matrix;
using Orchestrator.Testing;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)] // they wait for grace periods a third of the time

namespace Orchestrator.Matrix.Tests;

/// <summary>Every script × every way to end it × every level. A class for each level, so that they run beside each other.</summary>
public abstract class MatrixTests(string level)
{
    public static TheoryData<string, string> Cells
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var script in MatrixScripts.All)
            {
                foreach (var end in MatrixEnd.All.Where(end => end.Fits(script)))
                {
                    data.Add(script.Name, end.Name);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Nothing_is_left(string script, string end)
    {
        var found = MatrixScripts.Find(script);
        Assert.SkipWhen(Levels.Problem(level) is not null, Levels.Problem(level) ?? "");
        Assert.SkipWhen(found.Tool is { } tool && !Repository.HasTool(tool), $"{found.Tool} is not installed");

        var result = await MatrixRun.ExecuteAsync(found, MatrixEnd.Find(end), level);

        Assert.Empty(result.Problems);
    }
}

public sealed class SupervisedTests() : MatrixTests("supervised");

public sealed class ControlGroupTests() : MatrixTests("cgroup");

public sealed class NamespaceTests() : MatrixTests("namespace");
