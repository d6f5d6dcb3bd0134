using Cake.Frosting;
using Orchestrator.Cake;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Sweep")]
[TaskDescription("Ends and removes what dead builds left behind")]
public sealed class SweepTask : FrostingTask<OrchestratorContext>
{
    public override void Run(OrchestratorContext context) => context.SweepWorkDirectories();
}
