using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs once, after the last task, also when the build has failed.</summary>
public interface IFrostingTeardown
{
    /// <summary>Cleans up. What it throws fails a build that had succeeded; in one that had failed it is only logged.</summary>
    /// <param name="context">The context of the build.</param>
    /// <param name="info">Whether the build succeeded, and what was thrown if not.</param>
    void Teardown(ICakeContext context, ITeardownContext info);
}
