using Orchestrator.Matrix;
using Orchestrator.Testing;

namespace Orchestrator.Matrix.Tests;

/// <summary>That the matrix proves something: each script outlives what people do before they know better.</summary>
public sealed class NaiveCureTests
{
    public static TheoryData<string> Names => [.. MatrixScripts.All.Select(script => script.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_script_survives_a_naive_cure(string script)
    {
        var found = MatrixScripts.Find(script);
        Assert.SkipWhen(found.Tool is { } tool && !Repository.HasTool(tool), $"{found.Tool} is not installed");

        Assert.NotEmpty(await NaiveCure.SurvivorsAsync(found));
    }
}
