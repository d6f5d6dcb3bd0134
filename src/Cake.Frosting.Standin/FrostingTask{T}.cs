using Cake.Core;

namespace Cake.Frosting;

/// <summary>A synchronous task. What is not overridden takes no part: a task without <see cref="Run"/> only gathers others.</summary>
/// <typeparam name="T">The context of the build, or what the task needs of it.</typeparam>
public abstract class FrostingTask<T> : IFrostingTask
    where T : ICakeContext
{
    /// <summary>Does the work.</summary>
    /// <param name="context">The context of the build.</param>
    public virtual void Run(T context)
    {
    }

    /// <inheritdoc cref="IFrostingTask.ShouldRun"/>
    public virtual bool ShouldRun(T context) => true;

    /// <inheritdoc cref="IFrostingTask.OnError"/>
    public virtual void OnError(Exception exception, T context)
    {
    }

    /// <inheritdoc cref="IFrostingTask.Finally"/>
    public virtual void Finally(T context)
    {
    }

    /// <inheritdoc/>
    Task IFrostingTask.RunAsync(ICakeContext context)
    {
        Run((T)context);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun((T)context);

    /// <inheritdoc/>
    void IFrostingTask.OnError(Exception exception, ICakeContext context) => OnError(exception, (T)context);

    /// <inheritdoc/>
    void IFrostingTask.Finally(ICakeContext context) => Finally((T)context);
}
