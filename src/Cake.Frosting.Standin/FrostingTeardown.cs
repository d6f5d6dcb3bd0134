using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once, after the last task, also when the build has failed. Needs no more than Cake's own context.</summary>
public abstract class FrostingTeardown : FrostingTeardown<ICakeContext>
{
}
