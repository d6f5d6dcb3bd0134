using Cake.Core;

namespace Cake.Frosting;

/// <summary>The base of a build's own context; its constructor may ask for any service of the host.</summary>
/// <param name="context">Cake's context.</param>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext
{
}
