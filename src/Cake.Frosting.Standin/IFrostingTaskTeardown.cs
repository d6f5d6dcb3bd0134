using Cake.Core;

namespace Cake.Frosting;

/// <summary>Runs after each task, also when it has failed or was skipped.</summary>
public interface IFrostingTaskTeardown
{
    /// <summary>Cleans up after a task. What it throws fails a task that had succeeded.</summary>
    /// <param name="context">The context of the build.</param>
    /// <param name="info">The task, how long it took, whether it was skipped, and what it threw.</param>
    void Teardown(ICakeContext context, ITaskTeardownContext info);
}
