using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once, before the first task.</summary>
public interface IFrostingSetup
{
    /// <summary>Prepares the build. What it throws fails the build before any task has run.</summary>
    /// <param name="context">The context of the build.</param>
    /// <param name="info">The target, and the tasks that will run, in order.</param>
    void Setup(ICakeContext context, ISetupContext info);
}
