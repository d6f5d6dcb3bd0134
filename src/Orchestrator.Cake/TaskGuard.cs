using System.Runtime.ExceptionServices;
using Cake.Core;
using Cake.Core.Diagnostics;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>
/// Ends a pipeline that is being aborted: tasks that have not begun are skipped, with the reason in Cake's report, and the
/// target ends with the one error of an abort.
/// </summary>
internal sealed class TaskGuard
{
    private readonly IReadOnlySet<string> targets;
    private readonly PipelineCancellation pipeline;
    private readonly ICakeLog log;

    private TaskGuard(IReadOnlySet<string> targets, PipelineCancellation pipeline, ICakeLog log) =>
        (this.targets, this.pipeline, this.log) = (targets, pipeline, log);

    /// <summary>Guards tasks from now on.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="targets">Names of those that the pipeline is run for.</param>
    /// <param name="pipeline">Its abort.</param>
    /// <param name="log">The log.</param>
    internal static void Install(IEnumerable<CakeTask> tasks, IEnumerable<string> targets, PipelineCancellation pipeline, ICakeLog log)
    {
        TaskGuard guard = new(targets.ToHashSet(StringComparer.OrdinalIgnoreCase), pipeline, log);
        foreach (var task in tasks)
        {
            guard.Install(task);
        }
    }

    private void Install(CakeTask task)
    {
        var isTarget = targets.Contains(task.Name);
        task.Criterias.Insert(0, new(_ => MayBegin(isTarget), RunNarration.Error(RunEnd.Cancelled)));
        GuardActions(task, from: 0);
        for (var count = task.DelayedActions.Count; count > 0; count--)
        {
            var delayed = task.DelayedActions.Dequeue();
            task.DelayedActions.Enqueue(context => AddActionsAsync(delayed, task, context));
        }

        var handler = task.ErrorHandler;
        task.ErrorHandler = (error, context) => HandleAsync(error, context, isTarget, handler);
    }

    private async Task HandleAsync(Exception error, ICakeContext context, bool isTarget, Func<Exception, ICakeContext, Task>? handler)
    {
        if (!pipeline.IsCancelled)
        {
            if (handler is null)
            {
                // The same object: Cake prints another one as a second error.
                ExceptionDispatchInfo.Throw(error);
            }

            try
            {
                await handler(error, context).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsOfAbort(failure))
            {
                throw Aborted(failure);
            }

            if (pipeline.IsCancelled && isTarget)
            {
                throw Aborted(error);
            }
        }
        else if (isTarget)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        // The tasks that are to come are skipped one by one, which is what the report then says, and the target throws.
    }

    private bool MayBegin(bool isTarget)
    {
        if (pipeline.IsCancelled && isTarget)
        {
            pipeline.ThrowIfCancelled(log);
        }

        return !pipeline.IsCancelled;
    }

    // DoesForEach with a function makes its actions when the task begins.
    private async Task AddActionsAsync(Func<ICakeContext, Task> delayed, CakeTask task, ICakeContext context)
    {
        var from = task.Actions.Count;
        try
        {
            await delayed(context).ConfigureAwait(false);
        }
        catch (Exception error) when (IsOfAbort(error))
        {
            throw Aborted(error);
        }

        GuardActions(task, from);
    }

    private void GuardActions(CakeTask task, int from)
    {
        for (var index = from; index < task.Actions.Count; index++)
        {
            task.Actions[index] = Guarded(task.Actions[index], task);
        }
    }

    private Func<ICakeContext, Task> Guarded(Func<ICakeContext, Task> action, CakeTask task) => async context =>
    {
        try
        {
            pipeline.ThrowIfCancelled(log);
            await action(context).ConfigureAwait(false);
            pipeline.ThrowIfCancelled(log); // what was done meanwhile may be half done
        }
        catch (Exception error) when (pipeline.IsCancelled)
        {
            // DeferOnError would go on with the next action, and wrap all of their errors.
            task.DeferExceptions = false;
            if (IsOfAbort(error))
            {
                throw Aborted(error);
            }

            throw;
        }
    };

    // Whatever it was, it came of the abort: a cancelled token, a process that Ctrl+C has ended.
    private bool IsOfAbort(Exception error) => pipeline.IsCancelled && error.Message != pipeline.Error().Message;

    private CakeException Aborted(Exception error)
    {
        pipeline.Tell(log);
        return pipeline.Error(error);
    }
}
