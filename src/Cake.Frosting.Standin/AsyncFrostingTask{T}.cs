using Cake.Core;

namespace Cake.Frosting;

/// <summary>An asynchronous task. What is not overridden takes no part: a task without <see cref="RunAsync"/> only gathers others.</summary>
/// <typeparam name="T">The context of the build, or what the task needs of it.</typeparam>
public abstract class AsyncFrostingTask<T> : IFrostingTask
    where T : ICakeContext
{
    /// <inheritdoc cref="IFrostingTask.RunAsync"/>
    public virtual Task RunAsync(T context) => Task.CompletedTask;

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
    Task IFrostingTask.RunAsync(ICakeContext context) => RunAsync((T)context);

    /// <inheritdoc/>
    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun((T)context);

    /// <inheritdoc/>
    void IFrostingTask.OnError(Exception exception, ICakeContext context) => OnError(exception, (T)context);

    /// <inheritdoc/>
    void IFrostingTask.Finally(ICakeContext context) => Finally((T)context);
}
