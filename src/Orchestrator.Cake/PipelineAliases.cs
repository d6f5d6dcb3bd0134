using Cake.Core;
using Cake.Core.Annotations;

namespace Orchestrator.Cake;

/// <summary>Cancellation of a whole pipeline.</summary>
[CakeAliasCategory("Process")]
[CakeAliasCategory("Cancellation")]
[CakeNamespaceImport("Orchestrator.Cake")]
public static class PipelineAliases
{
    /// <summary>
    /// Cancelled by Ctrl+C, SIGTERM, SIGHUP and SIGQUIT, and when the process that started Cake is gone. The first use begins to take
    /// signals, so that from then on an aborted pipeline runs its Teardown and ends with 130, 143, 129 or 131.
    /// </summary>
    /// <example><code>
    /// Task("Fetch").Does(async () =&gt; await client.GetStringAsync(address, BuildCancellation));
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <returns>The token, the same each time.</returns>
    [CakePropertyAlias(Cache = true)]
    public static CancellationToken BuildCancellation(this ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return PipelineCancellation.Current.Token;
    }

    /// <summary>The context again, but whatever Cake's own aliases start through it is ended with its run and with the pipeline.</summary>
    /// <example><code>
    /// InProcessGroup.DotNetTest("app.sln");
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <returns>A context for any alias that starts processes. In a host that uses UseOrchestrator every context is such a one.</returns>
    [CakePropertyAlias(Cache = true)]
    public static ICakeContext InProcessGroup(this ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ContainedContext(context);
    }

    /// <summary>
    /// Makes an abort end the whole pipeline, whatever is running: no further task begins, those that were to come are in the
    /// report as skipped, and what a task does on errors does not keep the pipeline going. For Setup.
    /// </summary>
    /// <example><code>
    /// Setup(context =&gt; context.UseBuildCancellation());
    /// </code></example>
    /// <param name="context">The context that Setup is given.</param>
    /// <param name="tasks">More tasks than those of the first target, for a script that runs several: <c>Tasks</c>.</param>
    /// <exception cref="CakeException">The pipeline is being aborted already.</exception>
    public static void UseBuildCancellation(this ISetupContext context, IEnumerable<ICakeTaskInfo>? tasks = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        TaskGuard.Install((tasks ?? []).Union(context.TasksToExecute).OfType<CakeTask>(), Targets(context), PipelineCancellation.Current, context.Log);
        PipelineCancellation.Current.ThrowIfCancelled(context.Log);
    }

    // Of several targets Cake names the first one. The others are those that no task of the plan needs.
    private static IEnumerable<string> Targets(ISetupContext context)
    {
        var needed = context.TasksToExecute.SelectMany(task => task.Dependencies).Select(dependency => dependency.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var planned = context.TasksToExecute.Select(task => task.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return context.TasksToExecute
            .Where(task => !needed.Contains(task.Name) && !task.Dependees.Any(dependee => planned.Contains(dependee.Name)))
            .Select(task => task.Name)
            .Append(context.TargetTask.Name);
    }
}
