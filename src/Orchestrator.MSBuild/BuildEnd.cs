using Microsoft.Build.Framework;

namespace Orchestrator.MSBuild;

/// <summary>Tells when the build that our tasks belong to has ended: MSBuild disposes of what tasks have registered with it.</summary>
internal sealed class BuildEnd : IDisposable
{
    private static readonly object Key = new();

    private BuildEnd()
    {
    }

    /// <summary>Set while no build with a task of ours is going on.</summary>
    internal static ManualResetEventSlim Reached { get; } = new(initialState: true);

    internal static void Watch(IBuildEngine4 engine)
    {
        lock (Key)
        {
            if (engine.GetRegisteredTaskObject(Key, RegisteredTaskObjectLifetime.Build) is null)
            {
                Reached.Reset();
                engine.RegisterTaskObject(Key, new BuildEnd(), RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
            }
        }
    }

    public void Dispose() => Reached.Set();
}
