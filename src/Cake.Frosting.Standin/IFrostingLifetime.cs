namespace Cake.Frosting;

/// <summary>Runs once, before the first and after the last task.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown
{
}
