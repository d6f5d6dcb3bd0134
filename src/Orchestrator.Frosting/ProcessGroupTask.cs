using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Cake;

namespace Orchestrator.Frosting;

/// <summary>A task that runs one command, of which nothing is left when the task ends or the pipeline is aborted.</summary>
/// <example><code>
/// [TaskName("Test")]
/// public sealed class TestTask : ProcessGroupTask&lt;OrchestratorContext&gt;
/// {
///     protected override FilePath GetProgram(OrchestratorContext context) =&gt; "cargo";
///
///     protected override ProcessGroupSettings GetSettings(OrchestratorContext context) =&gt; new() { Arguments = "test" };
/// }
/// </code></example>
/// <typeparam name="TContext">The context of the host.</typeparam>
public abstract class ProcessGroupTask<TContext> : AsyncFrostingTask<TContext>
    where TContext : ICakeContext
{
    /// <summary>Runs it.</summary>
    /// <param name="context">The context.</param>
    /// <returns>A task that ends when nothing of the run is left.</returns>
    /// <exception cref="TimeoutException">Its time was over.</exception>
    /// <exception cref="CakeException">It failed, or could not be run; or the pipeline is being aborted.</exception>
    public override Task RunAsync(TContext context) => Task.Run(() =>
    {
        var program = GetProgram(context);
        var settings = GetSettings(context);
        var exitCode = context.StartProcessGroup(program, settings);
        if (exitCode != 0 && settings.HandleExitCode is null)
        {
            throw new CakeException(exitCode, $"{program} failed with exit code {exitCode}");
        }
    });

    /// <summary>The program.</summary>
    /// <param name="context">The context.</param>
    /// <returns>A path, or a name that is looked up in the working directory and then in <c>PATH</c>.</returns>
    protected abstract FilePath GetProgram(TContext context);

    /// <summary>Its arguments, and how to run and how to end it.</summary>
    /// <param name="context">The context.</param>
    /// <returns>No arguments, unless it is overridden. Any exit code but 0 fails the task, unless <c>HandleExitCode</c> is set.</returns>
    protected virtual ProcessGroupSettings GetSettings(TContext context) => new();
}
