using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cake;

namespace Orchestrator.Frosting;

/// <summary>What makes the abort of a Frosting host a clean one.</summary>
public static class OrchestratorHost
{
    /// <summary>
    /// From now on an abort (Ctrl+C, SIGTERM, SIGHUP, SIGQUIT, the end of the dotnet CLI that started the host) ends what runs,
    /// skips the tasks that were to come, runs Teardown, and gives the process the exit code 130, 143, 129 or 131. All that
    /// Cake's own aliases start (StartProcess, DotNetBuild) is contained, too.
    /// </summary>
    /// <example><code>
    /// return new CakeHost().UseContext&lt;OrchestratorContext&gt;().UseOrchestrator().Run(args);
    /// </code></example>
    /// <param name="host">The host.</param>
    /// <returns>The host.</returns>
    public static CakeHost UseOrchestrator(this CakeHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        _ = PipelineCancellation.Current;
        return host.ConfigureServices(services => services
            .AddSingleton<IProcessRunner>(provider => new ProcessGroupRunner(
                provider.GetRequiredService<IFileSystem>(),
                provider.GetRequiredService<ICakeEnvironment>(),
                provider.GetRequiredService<ICakeLog>(),
                provider.GetRequiredService<ICakeConfiguration>()))
            .AddSingleton(CreateEngine));
    }

    /// <summary>
    /// Makes each package of a folder a task with the name of the package, dependent on those of the packages that it needs, and
    /// adds the task <c>Packages</c>, which builds all of them. Implies <see cref="UseOrchestrator"/>. Arguments:
    /// <c>--package NAME</c> (only these), <c>--output DIR</c>, <c>--force</c>, <c>--keep</c>, <c>--nocheck</c>, <c>--skippgpcheck</c>, <c>--no-cache</c>, <c>--update-pkgver</c>.
    /// </summary>
    /// <example><code>
    /// return new CakeHost()
    ///     .UseContext&lt;OrchestratorContext&gt;()
    ///     .UseLifetime&lt;OrchestratorLifetime&lt;OrchestratorContext&gt;&gt;()
    ///     .UsePkgbuilds("pkgbuilds", settings =&gt; settings.SkipMissingDependencies = true)
    ///     .Run(args);
    /// </code></example>
    /// <remarks>
    /// A package that fails or is skipped ends the pipeline, unless <c>Packages</c> is to run: then the others are built first.
    /// No PKGBUILD, packages that need each other in a circle, and two of one name end the host with one error.
    /// </remarks>
    /// <param name="host">The host.</param>
    /// <param name="folder">A folder with a PKGBUILD, or with one folder a package; relative to the working directory. Several calls add several folders.</param>
    /// <param name="configure">How to build; arguments go before it.</param>
    /// <returns>The host.</returns>
    public static CakeHost UsePkgbuilds(this CakeHost host, DirectoryPath folder, Action<PkgbuildSettings>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return host.UseOrchestrator().ConfigureServices(services => services.AddSingleton(new PackageSource(folder, configure)));
    }

    private static ICakeEngine CreateEngine(IServiceProvider provider)
    {
        var log = provider.GetRequiredService<ICakeLog>();
        CakeEngine engine = new(provider.GetRequiredService<ICakeDataService>(), log);
        Plan plan = new(engine, provider.GetRequiredService<ICakeArguments>());
        engine.BeforeSetup += (_, _) => TaskGuard.Install(engine.Tasks.OfType<CakeTask>(), plan.Targets, PipelineCancellation.Current, log);
        engine.BeforeTeardown += (_, _) => PipelineCancellation.Current.BeginTeardown();
        List<PackageSource> sources = [.. provider.GetServices<PackageSource>()];
        if (sources.Count > 0)
        {
            new PackageTasks(engine, plan, log).Register(sources, provider.GetRequiredService<ICakeEnvironment>(), provider.GetRequiredService<ICakeArguments>());
        }

        return engine;
    }
}

/// <summary>A folder with packages.</summary>
internal sealed record PackageSource(DirectoryPath Folder, Action<PkgbuildSettings>? Configure);
