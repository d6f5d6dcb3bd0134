using System.Collections.Immutable;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes;

/// <summary>
/// A directory that a package build owns. Its keeper, a process of its own, removes it when the build disposes of it,
/// and also when the build is killed.
/// </summary>
public sealed class WorkDirectory : IAsyncDisposable
{
    private readonly DirectoryHolder holder;
    private readonly Action<RunEvent>? events;
    private Task? ending;

    private WorkDirectory(string path, DirectoryHolder holder, Action<RunEvent>? events) => (Path, this.holder, this.events) = (path, holder, events);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>What every process inside must have in its environment, so that it can be found if its supervisor is killed.</summary>
    public ImmutableDictionary<string, string?> Environment => ImmutableDictionary<string, string?>.Empty.Add(RunId.Variable, holder.Run);

    internal static async Task<WorkDirectory> CreateAsync(string path, Action<RunEvent>? events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DirectoryHolder holder = OperatingSystem.IsWindows()
            ? await Windows.KeeperProcess.StartAsync(path, events, cancellationToken).ConfigureAwait(false)
            : await SupervisorHolder.StartAsync(path, events, cancellationToken).ConfigureAwait(false);
        return new(path, holder, events);
    }

    /// <summary>Puts a command into this directory: it is held for as long as the command's run lasts, and its processes carry its name.</summary>
    /// <param name="command">The command.</param>
    /// <returns>A changed copy.</returns>
    public SupervisedCommand Contain(SupervisedCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.WithEnvironmentVariables(Environment).WithWorkDirectory(Path, WorkDirectoryRemoval.Never);
    }

    /// <summary>Removes the directory. Returns when it is gone; again does nothing.</summary>
    /// <returns>A task that ends with the keeper.</returns>
    /// <exception cref="WorkDirectoryException">Something in it could not be removed.</exception>
    public Task RemoveAsync() => ending ??= EndAsync(remove: true);

    /// <summary>Ends the keeper and leaves the directory where it is: from now on it is nobody's.</summary>
    /// <returns>A task that ends with the keeper.</returns>
    public Task LeaveAsync() => ending ??= EndAsync(remove: false);

    /// <inheritdoc cref="RemoveAsync"/>
    public async ValueTask DisposeAsync() => await RemoveAsync().ConfigureAwait(false);

    private async Task EndAsync(bool remove)
    {
        var problems = await holder.EndAsync(remove).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            throw new WorkDirectoryException(Path, string.Join("; ", problems));
        }
    }
}
