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

        if (Answer(options) is { } answer)
        {
            Console.WriteLine(answer);
            return new() { ExitCode = 0, EndedBy = RunEnd.Exited };
        }

        environment = new(Environment.SetItem(RunId.Variable, runId).SetItem(NestedGrace.Variable, NestedGrace.ForInner(NestedGrace.Limit(options.Grace))));
        var owners = options.Owners.Select(owner => new RunOwner(owner.Pid, owner.Start)).Concat(Owners.IsDefault ? RunOwners.Default : Owners);
        using var run = new JobRun(options, environment, runId, owners, Events);
        return await run.RunAsync(InheritStandardStreams ? null : (StandardOutput?.Open(), StandardError?.Open()), cancellationToken, killToken).ConfigureAwait(false);
    }

    // What the supervisor would answer, where arguments are for it.
    private static string? Answer(Options options) => options switch
    {
        { Mode: Mode.Help } => OptionParser.Help,
        { Mode: Mode.Version } => $"orchestrator {typeof(SupervisedCommand).Assembly.GetName().Version}",
        { Mode: Mode.Probe } => """
            {
              "auto": "job",
              "containment": {
                "job": {
                  "available": true
                }
              }
            }
            """,
        { Mode: Mode.Run, Events: [], Lifelines: [] } => null,
        _ => throw new SupervisorException(CommandException.SupervisorFailed, "--hold, --serve, --events and --lifeline are for the supervisor, and Windows has none"),
    };
}
