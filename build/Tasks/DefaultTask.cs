using Cake.Frosting;

namespace Build.Tasks;

[TaskName("Default")]
[TaskDescription("The main job: Packages")]
[IsDependentOn(typeof(PackagesTask))]
public sealed class DefaultTask : FrostingTask<BuildContext>;
