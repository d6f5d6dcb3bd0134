using Cake.Frosting;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Default")]
[TaskDescription("The main job: Packages")]
[IsDependentOn(typeof(AllPackages))]
public sealed class DefaultTask : FrostingTask<OrchestratorContext>;
