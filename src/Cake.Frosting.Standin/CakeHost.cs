using System.Reflection;
using Cake.Cli;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>A build as a console program: <c>return new CakeHost().UseContext&lt;BuildContext&gt;().Run(args);</c>.</summary>
public sealed class CakeHost
{
    private readonly ServiceCollection _services = new();
    private readonly List<Assembly> _assemblies = [];

    /// <summary>Creates a host that runs the public tasks of the program's own assembly.</summary>
    public CakeHost()
    {
        // Null only where native code has loaded the runtime.
        if (Assembly.GetEntryAssembly() is { } program)
        {
            _assemblies.Add(program);
        }

        HostServices.AddTo(_services);
    }

    /// <summary>Creates a host, as the constructor does.</summary>
    /// <returns>The host.</returns>
    public static CakeHost Create() => new();

    /// <summary>Adds the public tasks of another assembly.</summary>
    /// <param name="assembly">The assembly; the program's own is already there.</param>
    /// <returns>This host.</returns>
    public CakeHost AddAssembly(Assembly assembly)
    {
        _assemblies.Add(assembly);
        return this;
    }

    /// <summary>Adds to or replaces the services that contexts, tasks and lifetimes can ask for in their constructors.</summary>
    /// <param name="services">Called at once with the services; the last registration of a type wins.</param>
    /// <returns>This host.</returns>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        services(_services);
        return this;
    }

    /// <summary>Runs the build that the arguments ask for.</summary>
    /// <param name="args">The arguments of the program; <c>--help</c> lists them, and any other <c>--name=value</c> is an argument of the build.</param>
    /// <returns>0, or the <see cref="Core.CakeException.ExitCode"/> or 1 of what failed; -1 if the arguments make no sense.</returns>
    public int Run(IEnumerable<string> args)
    {
        foreach (var task in _assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(IsTask))
        {
            _services.AddSingleton(typeof(IFrostingTask), task);
        }

        var registrar = new TypeRegistrar();
        registrar.RegisterInstance(typeof(IServiceCollection), _services);
        var app = new CommandApp<RunCommand>(registrar);
        app.Configure(configuration => configuration
            .AddExample("--target", "Name", "--verbosity", "quiet")
            .AddExample("--tree"));
        return app.Run(args);
    }

    private static bool IsTask(Type type) =>
        type is { IsClass: true, IsAbstract: false } && typeof(IFrostingTask).IsAssignableFrom(type);
}
