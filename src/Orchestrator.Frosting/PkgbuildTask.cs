using Cake.Core;
using Cake.Core.IO;
using Cake.Frosting;
using Orchestrator.Cake;

namespace Orchestrator.Frosting;

/// <summary>A task that builds the packages of one PKGBUILD; what is up to date is passed over.</summary>
/// <example><code>
/// [TaskName("Worker")]
/// public sealed class WorkerTask : PkgbuildTask&lt;OrchestratorContext&gt;
/// {
///     protected override FilePath GetPkgbuild(OrchestratorContext context) =&gt; "packages/worker/PKGBUILD";
/// }
/// </code></example>
/// <typeparam name="TContext">The context of the host.</typeparam>
public abstract class PkgbuildTask<TContext> : AsyncFrostingTask<TContext>
    where TContext : ICakeContext
{
    /// <summary>Builds it.</summary>
    /// <param name="context">The context.</param>
    /// <returns>A task that ends with the build.</returns>
    /// <exception cref="CakeException">It cannot be built, and why; or the pipeline is being aborted, and nothing of it is left.</exception>
    public override Task RunAsync(TContext context) => Task.Run(() => context.BuildPkgbuild(GetPkgbuild(context), GetSettings(context)));

    /// <summary>The PKGBUILD, or the folder that it is in.</summary>
    /// <param name="context">The context.</param>
    /// <returns>Its path, relative to the working directory.</returns>
    protected abstract FilePath GetPkgbuild(TContext context);

    /// <summary>How to build it.</summary>
    /// <param name="context">The context.</param>
    /// <returns>The defaults, unless it is overridden.</returns>
    protected virtual PkgbuildSettings GetSettings(TContext context) => new();
}
