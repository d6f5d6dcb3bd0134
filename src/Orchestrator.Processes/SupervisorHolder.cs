using System.Collections.Immutable;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes;

/// <summary>A supervisor that has no command (<c>--hold</c>).</summary>
internal sealed class SupervisorHolder : DirectoryHolder
{
    private readonly string path;
    private readonly Supervision keeper;
    private readonly Action<RunEvent>? events;
    private ClaimedDirectory? hold;

    private SupervisorHolder(string path, string run, Supervision keeper, ClaimedDirectory hold, Action<RunEvent>? events) =>
        (this.path, Run, this.keeper, this.hold, this.events) = (path, run, keeper, hold, events);

    /// <inheritdoc/>
    internal override string Run { get; }

    /// <exception cref="WorkDirectoryException">The directory cannot be made.</exception>
    /// <exception cref="SupervisorException">The supervisor cannot be started.</exception>
    internal static async Task<SupervisorHolder> StartAsync(string path, Action<RunEvent>? events, CancellationToken cancellationToken)
    {
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

    /// <inheritdoc/>
    internal override async Task<IReadOnlyList<string>> EndAsync(bool remove)
    {
        hold?.Dispose();
        hold = null;
        keeper.Signal(remove ? Signals.Term : Signals.Usr1);
        _ = await keeper.Exit.ConfigureAwait(false);
        var failure = keeper.Record.Failure;
        keeper.Dispose();
        return remove ? await FinishAsync(path, failure, RemoveOurselves, events).ConfigureAwait(false) : [];
    }

    private IReadOnlyList<string> RemoveOurselves()
    {
        var end = LostRun.End(Run, 0, 0, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        if (!end.IsEmpty)
        {
            return [.. end.Problems.Select(problem => $"{path}: {problem}")];
        }

        using var directory = ClaimedDirectory.TryTakeOver(path);
        return directory?.Remove() ?? [$"{path}: a process still uses it"];
    }
}
