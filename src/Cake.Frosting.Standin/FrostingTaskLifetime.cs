using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs before and after each task. Needs no more than Cake's own context.</summary>
public abstract class FrostingTaskLifetime : FrostingTaskLifetime<ICakeContext>
{
}
