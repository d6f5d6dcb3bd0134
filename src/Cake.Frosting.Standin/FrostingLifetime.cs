using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once, before the first and after the last task. Needs no more than Cake's own context.</summary>
public abstract class FrostingLifetime : FrostingLifetime<ICakeContext>
{
}
