using Cake.Core;
using Cake.Core.Diagnostics;

namespace Cake.Frosting.Internal;

/// <summary>Makes Cake's own engine know the tasks and lifetimes that the services hold.</summary>
internal sealed class TaskRegistrar(
    ICakeEngine engine,
    IFrostingContext context,
    ICakeLog log,
    IEnumerable<IFrostingTask> tasks,
    IFrostingSetup? setup = null,
    IFrostingTeardown? teardown = null,
    IFrostingTaskSetup? taskSetup = null,
    IFrostingTaskTeardown? taskTeardown = null)
{
    public void RegisterAll()
    {
        foreach (var task in tasks)
        {
            Register(task, TaskShape.Of(task));
        }

        if (setup is not null)
        {
            engine.RegisterSetupAction(info => setup.Setup(context, info));
        }

        if (teardown is not null)
        {
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        }

        if (taskSetup is not null)
        {
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        }

        if (taskTeardown is not null)
        {
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
        }
    }

    private void Register(IFrostingTask task, TaskShape shape)
    {
        if (!shape.ContextType.IsInstanceOfType(context))
        {
            log.Warning("Task '{0}' is left out: it needs a {1}, and the context of this build is a {2}.", shape.Name, shape.ContextType, context.GetType());
            return;
        }

        log.Debug("Registering task: {0}", shape.Name);
        var builder = engine.RegisterTask(shape.Name);
        if (!string.IsNullOrWhiteSpace(shape.Description))
        {
            builder.Description(shape.Description);
        }

        // Each part only if overridden: Cake reports a task without actions as delegated,
        // and an error handler that did nothing would hide every error.
        if (shape.HasRun)
        {
            builder.Does(task.RunAsync);
        }

        if (shape.HasShouldRun)
        {
            builder.WithCriteria(task.ShouldRun, task.SkippedMessage);
        }

        if (shape.ContinuesOnError)
        {
            builder.ContinueOnError();
        }

        if (shape.HasOnError)
        {
            builder.OnError(exception => task.OnError(exception, context));
        }

        if (shape.HasFinally)
        {
            builder.Finally(() => task.Finally(context));
        }

        foreach (var dependency in shape.DependsOn)
        {
            builder.IsDependentOn(dependency);
        }

        foreach (var dependee in shape.DependeeOf)
        {
            builder.IsDependeeOf(dependee);
        }
    }
}
