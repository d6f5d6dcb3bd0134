using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Cake;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Build")]
[TaskDescription("Compiles the solution")]
public sealed class BuildTask : ProcessGroupTask<OrchestratorContext>
{
    protected override FilePath GetProgram(OrchestratorContext context) => "dotnet";

    protected override ProcessGroupSettings GetSettings(OrchestratorContext context) =>
        new() { Arguments = "build Orchestrator.sln -nologo -v minimal -nodeReuse:false -p:UseSharedCompilation=false" };
}
