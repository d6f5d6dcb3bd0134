using Cake.Common.IO;
using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Frosting;

namespace Build.Tasks;

[TaskName("Clean")]
[TaskDescription("Removes what was built: packages, NuGet packages, and the output of the solution but for this program's own")]
public sealed class CleanTask : FrostingTask<OrchestratorContext>
{
    public override void Run(OrchestratorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var artifacts = System.IO.Path.Combine(context.Environment.WorkingDirectory.FullPath, "artifacts");
        var own = DirectoryPath.FromString(AppContext.BaseDirectory.TrimEnd('/')).FullPath;
        string[] folders = [System.IO.Path.Combine(artifacts, "packages"), System.IO.Path.Combine(artifacts, "package"), .. Below("bin"), .. Below("publish")];
        foreach (var folder in folders.Where(folder => Directory.Exists(folder) && !own.StartsWith(folder + "/", StringComparison.Ordinal)))
        {
            context.DeleteDirectory(folder, new DeleteDirectorySettings { Recursive = true, Force = true });
        }

        string[] Below(string name) =>
            Directory.Exists(System.IO.Path.Combine(artifacts, name)) ? Directory.GetDirectories(System.IO.Path.Combine(artifacts, name)) : [];
    }
}
