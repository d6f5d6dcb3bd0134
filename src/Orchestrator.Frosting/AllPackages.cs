using Cake.Frosting;

namespace Orchestrator.Frosting;

/// <summary>Stands for the task that builds all packages of <see cref="OrchestratorHost.UsePkgbuilds"/>, in <c>[IsDependentOn(typeof(AllPackages))]</c>.</summary>
/// <remarks>
/// One package is named in the same way, by an abstract class of your own that has the name of the package:
/// <c>[TaskName("worker")] public abstract class Worker : FrostingTask;</c>
/// </remarks>
[TaskName(Name)]
public abstract class AllPackages : FrostingTask
{
    /// <summary>The name of the task: <c>Packages</c>.</summary>
    public const string Name = "Packages";
}
