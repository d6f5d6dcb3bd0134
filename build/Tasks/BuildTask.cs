using Cake.Frosting;

namespace Build.Tasks;

[TaskName("Build")]
[TaskDescription("Compiles the solution")]
public sealed class BuildTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RunAsync("dotnet", "build", "Orchestrator.sln", "-nologo", "-v", "minimal", "-nodeReuse:false", "-p:UseSharedCompilation=false");
    }
}
