using System.Collections.Immutable;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes;

/// <summary>
/// A directory that a package build owns. Its keeper, a process of its own, removes it when the build disposes of it,
/// and also when the build is killed.
/// </summary>
public sealed class WorkDirectory : IAsyncDisposable
{
    private readonly Supervision keeper;
    private readonly string run;
    private readonly Action<RunEvent>? events;
    private ClaimedDirectory? hold;
    private Task? ending;

    private WorkDirectory(string path, string run, Supervision keeper, ClaimedDirectory hold, Action<RunEvent>? events) =>
        (Path, this.run, this.keeper, this.hold, this.events) = (path, run, keeper, hold, events);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>What every process inside must have in its environment, so that it can be found if its supervisor is killed.</summary>
    public ImmutableDictionary<string, string?> Environment => ImmutableDictionary<string, string?>.Empty.Add(RunId.Variable, run);

    internal static async Task<WorkDirectory> CreateAsync(string path, Action<RunEvent>? events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string[] options =
        [
            "--hold",
            $"--work-dir={path}",
            "--remove-work-dir=always",
        ];
        var keeper = new Supervision(RunOwners.Default, options, ImmutableDictionary<string, string?>.Empty, events);
        try
        {
            keeper.Start((null, null), isQuiet: true);
            using var registration = cancellationToken.UnsafeRegister(_ => keeper.Signal(Signals.Term), null);
            var first = await keeper.FirstEvent.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return first is RunEvent.Started started
                ? new(path, started.Run, keeper, ClaimedDirectory.Claim(path, started.Run), events)
                : throw new WorkDirectoryException(path, (first as RunEvent.Failed)?.Message ?? $"work directory '{path}' could not be made");
        }
        catch (Exception exception)
        {
            keeper.Signal(Signals.Term);
            _ = await keeper.Exit.ConfigureAwait(false);
            keeper.Dispose();

            // A keeper that is told to stop before it has begun says nothing.
            cancellationToken.ThrowIfCancellationRequested();
            if (exception is WorkDirectoryRefusedException)
            {
                throw new WorkDirectoryException(path, exception.Message, exception);
            }

            throw;
        }
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
    public Task RemoveAsync() => ending ??= EndAsync(Signals.Term, remove: true);

    /// <summary>Ends the keeper and leaves the directory where it is: from now on it is nobody's.</summary>
    /// <returns>A task that ends with the keeper.</returns>
    public Task LeaveAsync() => ending ??= EndAsync(Signals.Usr1, remove: false);

    /// <inheritdoc cref="RemoveAsync"/>
    public async ValueTask DisposeAsync() => await RemoveAsync().ConfigureAwait(false);

    private async Task EndAsync(int signal, bool remove)
    {
        hold?.Dispose();
        hold = null;
        keeper.Signal(signal);
        _ = await keeper.Exit.ConfigureAwait(false);
        var failure = keeper.Record.Failure;
        keeper.Dispose();
        if (!remove || !Directory.Exists(Path))
        {
            return;
        }

        // Somebody killed the keeper; what it would have done, we do.
        var problems = failure is null ? await Task.Run(RemoveOurselves).ConfigureAwait(false) : [failure];
        if (problems.Count > 0)
        {
            throw new WorkDirectoryException(Path, string.Join("; ", problems));
        }

        events?.Invoke(new RunEvent.WorkDirectoryRemoved(DateTimeOffset.UtcNow, Path));
    }

    private IReadOnlyList<string> RemoveOurselves()
    {
        var end = LostRun.End(run, 0, 0, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        if (!end.IsEmpty)
        {
            return [.. end.Problems.Select(problem => $"{Path}: {problem}")];
        }

        using var directory = ClaimedDirectory.TryTakeOver(Path);
        return directory?.Remove() ?? [$"{Path}: a process still uses it"];
    }
}
