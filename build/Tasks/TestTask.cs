using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Cake;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Test")]
[TaskDescription("Runs all tests")]
[IsDependentOn(typeof(BuildTask))]
public sealed class TestTask : ProcessGroupTask<OrchestratorContext>
{
    protected override FilePath GetProgram(OrchestratorContext context) => "dotnet";

    protected override ProcessGroupSettings GetSettings(OrchestratorContext context) => new() { Arguments = "test --solution Orchestrator.sln --no-build" };
}
