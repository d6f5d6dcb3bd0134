using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Cake;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Pack")]
[TaskDescription("Makes the NuGet packages in artifacts/package")]
public sealed class PackTask : ProcessGroupTask<OrchestratorContext>
{
    protected override FilePath GetProgram(OrchestratorContext context) => "dotnet";

    protected override ProcessGroupSettings GetSettings(OrchestratorContext context) =>
        new() { Arguments = "pack Orchestrator.sln -nologo -v minimal -c Release -nodeReuse:false -p:UseSharedCompilation=false" };
}
