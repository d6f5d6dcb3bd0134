using Build;
using Cake.Frosting;
using Orchestrator.Frosting;

// Each package in pkgbuilds/ is a task; `Packages` is all of them, and the main job.
return new CakeHost()
    .UseContext<OrchestratorContext>()
    .UseLifetime<OrchestratorLifetime<OrchestratorContext>>()
    .UseWorkingDirectory(RepositoryRoot.Find())
    .UsePkgbuilds("pkgbuilds", settings =>
    {
        settings.OutputDirectory = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PKGDEST")) ? "artifacts/packages" : null;
        settings.SkipMissingDependencies = true;
    })
    .Run(args);
