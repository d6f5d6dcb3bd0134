using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs before each task. Needs no more than Cake's own context.</summary>
public abstract class FrostingTaskSetup : FrostingTaskSetup<ICakeContext>
{
}
