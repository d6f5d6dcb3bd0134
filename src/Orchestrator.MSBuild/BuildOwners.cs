using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

/// <summary>
/// The processes that a run in this build depends on. A task can run in the process that the user started, or in a node of it;
/// a node that is used again was started by a build that ended long ago, so that its parent says nothing. Who is connected to
/// it does.
/// </summary>
internal static class BuildOwners
{
    /// <summary>Whether this is the process that the user started, and not a node of another.</summary>
    internal static bool IsEntry { get; } = !Environment.GetCommandLineArgs()
        .Any(argument => argument.Contains("nodemode:", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether it is known here when a build ends. A TaskHost is used by build after build, and its MSBuild need not dispose
    /// in time of what tasks have registered.
    /// </summary>
    internal static bool MayKeepSupervisors { get; } = !Environment.GetCommandLineArgs()
        .Any(argument => argument.Contains("nodemode:2", StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes all runs of this process depend on them.</summary>
    internal static void Use()
    {
        if (!IsEntry)
        {
            RunOwners.FindDefaultBy(() => RunOwners.Clients);
        }
    }
}
