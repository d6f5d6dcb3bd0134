using Build;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Processes;

// Signals become tokens before anything else runs, so that there is no moment at which an abort would skip the clean-up.
TerminalOutput.IgnoreErrors();
using var cancellation = new PipelineCancellation();
var exitCode = new CakeHost()
    .ConfigureServices(services => services.AddSingleton(cancellation))
    .UseContext<BuildContext>()
    .UseLifetime<BuildLifetime>()
    .Run(args);
return cancellation.ExitCode ?? exitCode;
