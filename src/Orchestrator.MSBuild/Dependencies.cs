using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Orchestrator.MSBuild;

/// <summary>
/// Finds what the tasks need beside them. MSBuild looks for assemblies in the folder of the task alone, and Tmds.LibC has one
/// for each architecture, in folders of their own.
/// </summary>
internal static class Dependencies
{
#pragma warning disable CA2255 // This library is a plug-in, and nothing of it runs before this.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        var own = Assembly.GetExecutingAssembly();
        if (own.Location.Length > 0 && AssemblyLoadContext.GetLoadContext(own) is { } context)
        {
            AssemblyDependencyResolver resolver = new(own.Location);
            context.Resolving += (_, name) => resolver.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        }
    }
}
