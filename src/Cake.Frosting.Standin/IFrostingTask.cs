using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task of the build. Derive from <see cref="FrostingTask{T}"/> or <see cref="AsyncFrostingTask{T}"/>; the host takes no others.</summary>
public interface IFrostingTask
{
    /// <summary>The reason that the report gives when <see cref="ShouldRun"/> says no (default: none).</summary>
    string SkippedMessage => string.Empty;

    /// <summary>Does the work.</summary>
    /// <param name="context">The context of the build.</param>
    /// <returns>A task that ends with the work.</returns>
    Task RunAsync(ICakeContext context);

    /// <summary>Whether there is work. A target that says no fails the build; any other task is skipped.</summary>
    /// <param name="context">The context of the build.</param>
    /// <returns>False to skip the task.</returns>
    bool ShouldRun(ICakeContext context);

    /// <summary>Handles what <see cref="RunAsync"/> threw: the build goes on, unless this throws in its turn.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="context">The context of the build.</param>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Runs after the task, whether it failed or not.</summary>
    /// <param name="context">The context of the build.</param>
    void Finally(ICakeContext context);
}
