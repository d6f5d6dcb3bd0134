using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs after each task, also when it has failed or was skipped. Needs no more than Cake's own context.</summary>
public abstract class FrostingTaskTeardown : FrostingTaskTeardown<ICakeContext>
{
}
