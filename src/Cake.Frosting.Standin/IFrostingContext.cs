using Cake.Core;

namespace Cake.Frosting;

/// <summary>What every task of a build is given: Cake's context, with what the build adds to it.</summary>
public interface IFrostingContext : ICakeContext
{
}
