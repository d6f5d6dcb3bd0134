using CliWrap;
using Wrapped = CliWrap.Cli;

namespace Orchestrator.Matrix.Runners;

/// <summary>CliWrap with its two tokens: the graceful one interrupts, the forceful one kills 500 ms later.</summary>
internal sealed class CliWrapRunner() : HostedRunner("CliWrap, graceful and forceful token")
{
    protected override async Task RunAsync(string file, CancellationToken cancellationToken)
    {
        using var forceful = new CancellationTokenSource();
        using var after = cancellationToken.Register(() => forceful.CancelAfter(500));
        await Wrapped.Wrap("bash")
            .WithArguments([file])
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(Console.WriteLine))
            .ExecuteAsync(forceful.Token, cancellationToken);
    }
}
