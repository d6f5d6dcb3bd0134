using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Frosting;

namespace Build;

/// <summary>Runs before and after all tasks; after an abort too.</summary>
public sealed class BuildLifetime : FrostingLifetime<BuildContext>
{
    public override void Setup(BuildContext context, ISetupContext info)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Environment.IsPrivilegedProcess)
        {
            context.Log.Warning("Building as root: a PKGBUILD can do anything to this machine");
        }
    }

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Cancellation.ExitCode is { } exitCode)
        {
            context.Log.Information("The pipeline was aborted; nothing of it is left running (exit code {0})", exitCode);
        }
    }
}
