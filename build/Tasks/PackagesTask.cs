using Cake.Core;
using Cake.Frosting;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;

namespace Build.Tasks;

[TaskName("Packages")]
[TaskDescription("Builds the packages in pkgbuilds/ that this machine has the tools for: --package NAME, --force, --keep, --nocheck, --output DIR")]
public sealed class PackagesTask : AsyncFrostingTask<BuildContext>
{
    public override async Task RunAsync(BuildContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var rows = new List<BuildSummaryRow>();
        var builder = new PackageSetBuilder(context.Options, Print, rows.Add);
        try
        {
            var paths = PackageFolder.Select(System.IO.Path.Combine(context.Root, "pkgbuilds"), context.Packages);
            var summary = await builder.BuildAsync(paths, context.Cancellation.Token, context.Cancellation.KillToken);
            if (summary.Count(BuildOutcome.Failed) is > 0 and var failed)
            {
                throw new CakeException($"{failed} of {rows.Count} packages failed");
            }
        }
        catch (OperationCanceledException)
        {
            throw context.Cancellation.Error();
        }
        catch (Exception exception) when (exception is PkgbuildException or WorkDirectoryException or SupervisorException)
        {
            throw new CakeException(exception is PkgbuildException { File: not null } wrong ? wrong.CanonicalMessage : exception.Message, exception);
        }
        finally
        {
            SummaryTable.Print(rows);
        }
    }

    private static void Print(BuildMessage message)
    {
        if (message.Kind is BuildMessageKind.Warning or BuildMessageKind.Error or BuildMessageKind.ErrorOutput)
        {
            Console.Error.WriteLine(message.Text);
            if (message.Error is { File: not null } error)
            {
                Console.Error.WriteLine(error.CanonicalMessage);
            }
        }
        else
        {
            Console.WriteLine(message.Text);
        }
    }
}
