using Cake.Core.IO;
using Cake.Core.Packaging;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>What <see cref="CakeHostExtensions"/> do, for <see cref="CakeHost.ConfigureServices"/> and <see cref="IFrostingStartup"/>.</summary>
public static class ServiceCollectionExtensions
{
    /// <inheritdoc cref="CakeHostExtensions.UseContext{TContext}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseContext<TContext>(this IServiceCollection services)
        where TContext : class, IFrostingContext =>
        services.AddSingleton<IFrostingContext, TContext>();

    /// <inheritdoc cref="CakeHostExtensions.UseLifetime{TLifetime}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseLifetime<TLifetime>(this IServiceCollection services)
        where TLifetime : class, IFrostingLifetime =>
        services
            .AddSingleton<IFrostingLifetime, TLifetime>()
            .AddSingleton<IFrostingSetup>(provider => provider.GetRequiredService<IFrostingLifetime>())
            .AddSingleton<IFrostingTeardown>(provider => provider.GetRequiredService<IFrostingLifetime>());

    /// <inheritdoc cref="CakeHostExtensions.UseSetup{TSetup}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseSetup<TSetup>(this IServiceCollection services)
        where TSetup : class, IFrostingSetup =>
        services.AddSingleton<IFrostingSetup, TSetup>();

    /// <inheritdoc cref="CakeHostExtensions.UseTeardown{TTeardown}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseTeardown<TTeardown>(this IServiceCollection services)
        where TTeardown : class, IFrostingTeardown =>
        services.AddSingleton<IFrostingTeardown, TTeardown>();

    /// <inheritdoc cref="CakeHostExtensions.UseTaskLifetime{TLifetime}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseTaskLifetime<TLifetime>(this IServiceCollection services)
        where TLifetime : class, IFrostingTaskLifetime =>
        services
            .AddSingleton<IFrostingTaskLifetime, TLifetime>()
            .AddSingleton<IFrostingTaskSetup>(provider => provider.GetRequiredService<IFrostingTaskLifetime>())
            .AddSingleton<IFrostingTaskTeardown>(provider => provider.GetRequiredService<IFrostingTaskLifetime>());

    /// <inheritdoc cref="CakeHostExtensions.UseTaskSetup{TSetup}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseTaskSetup<TSetup>(this IServiceCollection services)
        where TSetup : class, IFrostingTaskSetup =>
        services.AddSingleton<IFrostingTaskSetup, TSetup>();

    /// <inheritdoc cref="CakeHostExtensions.UseTaskTeardown{TTeardown}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseTaskTeardown<TTeardown>(this IServiceCollection services)
        where TTeardown : class, IFrostingTaskTeardown =>
        services.AddSingleton<IFrostingTaskTeardown, TTeardown>();

    /// <inheritdoc cref="CakeHostExtensions.UsePackageInstaller{TPackageInstaller}"/>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UsePackageInstaller<TPackageInstaller>(this IServiceCollection services)
        where TPackageInstaller : class, IPackageInstaller =>
        services.AddSingleton<IPackageInstaller, TPackageInstaller>();

    /// <inheritdoc cref="CakeHostExtensions.InstallTool"/>
    /// <param name="services">The services.</param>
    /// <param name="uri">The tool.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseTool(this IServiceCollection services, Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return services.AddSingleton(new PackageReference(uri.OriginalString));
    }

    /// <inheritdoc cref="CakeHostExtensions.UseWorkingDirectory"/>
    /// <param name="services">The services.</param>
    /// <param name="path">The directory, relative to the one that the program was started in.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseWorkingDirectory(this IServiceCollection services, DirectoryPath path) =>
        services.AddSingleton(new WorkingDirectory(path));

    /// <inheritdoc cref="CakeHostExtensions.UseCakeSetting"/>
    /// <param name="services">The services.</param>
    /// <param name="key">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseCakeSetting(this IServiceCollection services, string key, string value) =>
        services.AddSingleton(new CakeSetting(key, value));

    /// <inheritdoc cref="CakeHostExtensions.SetToolPath"/>
    /// <param name="services">The services.</param>
    /// <param name="toolPath">The directory.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseToolPath(this IServiceCollection services, DirectoryPath toolPath)
    {
        ArgumentNullException.ThrowIfNull(toolPath);
        return services.UseCakeSetting("Paths_Tools", toolPath.FullPath);
    }
}
