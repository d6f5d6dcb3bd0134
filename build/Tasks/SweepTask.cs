using Cake.Core.Diagnostics;
using Cake.Frosting;
using Orchestrator.Processes;

namespace Build.Tasks;

[TaskName("Sweep")]
[TaskDescription("Ends and removes what dead builds left behind")]
public sealed class SweepTask : AsyncFrostingTask<BuildContext>
{
    public override async Task RunAsync(BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var result = await WorkRoot.Open().SweepAsync(context.Cancellation.Token);
        foreach (var process in result.Ended)
        {
            context.Log.Information("Killed process {0}", process);
        }

        foreach (var path in result.Removed)
        {
            context.Log.Information("Work directory removed: {0}", path);
        }

        foreach (var problem in result.Problems)
        {
            context.Log.Warning("{0}", problem);
        }
    }
}
