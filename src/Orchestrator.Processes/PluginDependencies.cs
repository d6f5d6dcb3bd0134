using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Orchestrator.Processes;

/// <summary>
/// Finds Tmds.LibC where this library is a plug-in (an addin of a Cake script, say) and its host knows nothing of what it
/// needs: there is one for each architecture, and a host takes what it finds in one folder.
/// </summary>
internal static class PluginDependencies
{
    private const string LibC = "Tmds.LibC";

#pragma warning disable CA2255 // It must be there before anything of this library runs, and the host calls what it likes first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        if (OperatingSystem.IsLinux() && OwnFolder.IsAssembly && AssemblyLoadContext.GetLoadContext(typeof(PluginDependencies).Assembly) is { } context)
        {
            context.Resolving += Load;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A native program, the only one that is trimmed, never comes here.")]
    private static Assembly? Load(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == LibC && Candidates(OwnFolder.Path).FirstOrDefault(File.Exists) is { } found ? context.LoadFromAssemblyPath(found) : null;

    // As a build puts it beside a program; as the managed supervisor has it, in a package with this library in lib/net10.0.
    private static IEnumerable<string> Candidates(string folder)
    {
        var file = Path.Combine("runtimes", "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "lib", "netstandard2.0", LibC + ".dll");
        yield return Path.Combine(folder, file);
        yield return Path.GetFullPath(Path.Combine(folder, "..", "..", "orchestrator-supervise", "managed", file));
    }
}
