using Microsoft.Build.Framework;
using Orchestrator.Processes;

namespace Orchestrator.MSBuild;

/// <summary>
/// Tells when the build that our tasks belong to has ended: MSBuild disposes of what tasks have registered with it. Holds what
/// must not outlive a build, though the process that it runs in may: nodes and servers are used again.
/// </summary>
internal sealed class BuildEnd : IDisposable
{
    private static readonly object Key = new();

    private BuildEnd()
    {
    }

    /// <summary>Set while no build with a task of ours is going on.</summary>
    internal static ManualResetEventSlim Reached { get; } = new(initialState: true);

    /// <summary>Supervisors that wait for the next task of the build.</summary>
    internal SupervisorPool Supervisors { get; } = new();

    internal static BuildEnd Watch(IBuildEngine4 engine)
    {
        lock (Key)
        {
            if (engine.GetRegisteredTaskObject(Key, RegisteredTaskObjectLifetime.Build) is BuildEnd known)
            {
                return known;
            }

            Reached.Reset();
            var end = new BuildEnd();
            engine.RegisterTaskObject(Key, end, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
            return end;
        }
    }

    public void Dispose()
    {
        Supervisors.Dispose();
        Reached.Set();
    }
}
