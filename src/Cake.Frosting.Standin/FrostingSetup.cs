using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once, before the first task. Needs no more than Cake's own context.</summary>
public abstract class FrostingSetup : FrostingSetup<ICakeContext>
{
}
