using System.Diagnostics.CodeAnalysis;
using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Packaging;
using Cake.Core.Scripting;
using Cake.Core.Tooling;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>Runs the build, or shows what the options ask for instead.</summary>
internal sealed class RunCommand(IServiceCollection services) : AsyncCommand<RunCommandSettings>
{
    [SuppressMessage("Reliability", "CA2000", Justification = "Services live as long as the process, as with the package: disposing of them here would promise builds what the package does not.")]
    [SuppressMessage("Design", "CA1031", Justification = "This is where whatever a build throws becomes an error line and an exit code.")]
    public override async Task<int> ExecuteAsync(CommandContext context, RunCommandSettings settings, CancellationToken cancellationToken)
    {
        var provider = services
            .AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.Targets))
            .BuildServiceProvider();
        var log = provider.GetRequiredService<ICakeLog>();
        log.Verbosity = settings.Verbosity;
        try
        {
            await RunAsync(provider, settings).ConfigureAwait(false);
            return 0;
        }
        catch (Exception exception)
        {
            return log.LogException(exception);
        }
    }

    private static async Task RunAsync(ServiceProvider provider, RunCommandSettings settings)
    {
        if (settings.Version)
        {
            provider.GetRequiredService<ICakeVersionFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        if (settings.Info)
        {
            provider.GetRequiredService<ICakeInfoFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        // First of all, because cake.config is looked for there.
        EnterWorkingDirectory(provider, settings);
        var host = GetScriptHost(provider, settings);
        InstallTools(provider);
        provider.GetRequiredService<TaskRegistrar>().RegisterAll();
        if (settings.Exclusive)
        {
            host.Settings.UseExclusiveTarget();
        }

        await host.RunTargetsAsync(settings.Targets).ConfigureAwait(false);
    }

    private static void EnterWorkingDirectory(ServiceProvider provider, RunCommandSettings settings)
    {
        var wanted = settings.WorkingDirectory ?? provider.GetService<WorkingDirectory>()?.Path;
        if (wanted is null)
        {
            return;
        }

        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var directory = wanted.MakeAbsolute(environment);
        if (!provider.GetRequiredService<IFileSystem>().Exist(directory))
        {
            throw new FrostingException($"The working directory '{directory.FullPath}' does not exist.");
        }

        environment.WorkingDirectory = directory;
    }

    private static ScriptHost GetScriptHost(ServiceProvider provider, RunCommandSettings settings) => settings switch
    {
        { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
        { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
        { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
        _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
    };

    private static void InstallTools(ServiceProvider provider)
    {
        var installer = provider.GetRequiredService<IToolInstaller>();
        foreach (var tool in provider.GetServices<PackageReference>())
        {
            // An iterator: nothing is installed until its files are asked for.
            _ = installer.Install(tool).ToList();
        }
    }
}
