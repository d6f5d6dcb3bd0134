using System.Runtime.Versioning;
using Orchestrator.Processes.Windows;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes;

public sealed partial class SupervisedCommand
{
    // There is no supervisor on Windows: the kernel itself ends what is in a job when its owner ends.
    [SupportedOSPlatform("windows")]
    private async Task<RunResult> RunInJobAsync(CancellationToken cancellationToken, CancellationToken killToken)
    {
        var runId = RunId.Chain(OuterRun, RunId.Create());
        var environment = new EnvironmentBlock(Environment.SetItem(RunId.Variable, runId));
        Options options;
        try
        {
            options = OptionParser.Parse([.. Options()], environment["CANCEL_TIMEOUT_MS"]);
        }
        catch (UsageException exception)
        {
            throw new SupervisorException(CommandException.SupervisorFailed, exception.Message, exception);
        }

        environment = new(Environment.SetItem(RunId.Variable, runId).SetItem(NestedGrace.Variable, NestedGrace.ForInner(NestedGrace.Limit(options.Grace))));
        using var run = new JobRun(options, environment, runId, Owners.IsDefault ? RunOwners.Default : Owners, Events);
        return await run.RunAsync(InheritStandardStreams ? null : (StandardOutput?.Open(), StandardError?.Open()), cancellationToken, killToken).ConfigureAwait(false);
    }
}
