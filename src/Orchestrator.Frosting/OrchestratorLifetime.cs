using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;

namespace Orchestrator.Frosting;

/// <summary>Warns of building as root before all tasks; after them, and after an abort too, says what became of the packages and of the pipeline.</summary>
/// <typeparam name="TContext">The context of the host.</typeparam>
public class OrchestratorLifetime<TContext> : FrostingLifetime<TContext>
    where TContext : OrchestratorContext
{
    /// <inheritdoc/>
    public override void Setup(TContext context, ISetupContext info)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Environment.IsPrivilegedProcess)
        {
            context.Log.Warning("Building as root: a PKGBUILD can do anything to this machine");
        }
    }

    /// <inheritdoc/>
    public override void Teardown(TContext context, ITeardownContext info)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Log.Verbosity >= Verbosity.Normal)
        {
            SummaryTable.Print(context.Packages);
        }

        if (context.Cancellation.ExitCode is { } exitCode)
        {
            context.Log.Information("The pipeline was aborted; nothing of it is left running (exit code {0})", exitCode);
        }
    }
}
