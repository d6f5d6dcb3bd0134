using Cake.Frosting;

namespace Build.Tasks;

[TaskName("Pack")]
[TaskDescription("Makes the NuGet packages in artifacts/package")]
public sealed class PackTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.RunAsync("dotnet", "pack", "Orchestrator.sln", "-nologo", "-v", "minimal", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false");
    }
}
