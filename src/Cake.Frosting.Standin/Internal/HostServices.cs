using Cake.Cli;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting.Internal;

/// <summary>What a host consists of before anything is asked of it: Cake's own parts, and the four ways to run them.</summary>
internal static class HostServices
{
    public static void AddTo(IServiceCollection services) => services
        .AddCakeDiagnostics()
        .UseCakeDefaultModules()
        .AddSingleton(ReadConfiguration)
        .AddSingleton<IVersionResolver, VersionResolver>()
        .AddSingleton<ICakeVersionFeature, VersionFeature>()
        .AddSingleton<ICakeInfoFeature, InfoFeature>()
        .AddSingleton<FrostingContext>()
        .AddSingleton<IFrostingContext>(provider => provider.GetRequiredService<FrostingContext>())
        .AddSingleton<TaskRegistrar>()
        .AddSingleton<BuildScriptHost<IFrostingContext>>()
        .AddSingleton<DryRunScriptHost<IFrostingContext>>()
        .AddSingleton<TreeScriptHost>()
        .AddSingleton<DescriptionScriptHost>();

    /// <summary>Reads <c>cake.config</c> in the working directory, so this must come after that is set.</summary>
    private static ICakeConfiguration ReadConfiguration(IServiceProvider provider)
    {
        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var defaults = provider.GetServices<CakeSetting>()
            .Select(setting => KeyValuePair.Create(setting.Key, setting.Value));
        var arguments = provider.GetRequiredService<ICakeArguments>().GetArguments()
            .ToDictionary(argument => argument.Key, argument => argument.Value.FirstOrDefault() ?? string.Empty);
        return new CakeConfigurationProvider(provider.GetRequiredService<IFileSystem>(), environment)
            .CreateConfiguration(environment.WorkingDirectory, defaults, arguments);
    }
}
