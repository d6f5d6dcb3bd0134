using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes;

public sealed partial class SupervisedCommand
{
    private ImmutableArray<string> RawArguments { get; init; }

    private OutputTarget? StandardOutput { get; init; }

    private OutputTarget? StandardError { get; init; }

    private Action<RunEvent>? Events { get; init; }

    private SupervisorPool? Pool { get; init; }

    /// <summary>
    /// Runs the command. Returns when it has ended and, unless leftovers are kept, nothing that it started is alive.
    /// </summary>
    /// <param name="cancellationToken">Ends the run: first signal, grace period, SIGKILL.</param>
    /// <param name="killToken">Ends the grace period: SIGKILL at once. Means nothing before <paramref name="cancellationToken"/>.</param>
    /// <returns>How it ended. An exit status other than 0 is a result, not an error.</returns>
    /// <exception cref="RunCanceledException"><paramref name="cancellationToken"/> was cancelled, and the run is empty.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before anything started.</exception>
    /// <exception cref="SupervisorException">The command was not found or cannot be executed, or the supervisor failed.</exception>
    public async Task<RunResult> RunAsync(CancellationToken cancellationToken = default, CancellationToken killToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (OperatingSystem.IsWindows())
        {
            return await RunInJobAsync(cancellationToken, killToken).ConfigureAwait(false);
        }

        var runId = RunId.Chain(OuterRun, RunId.Create());
        var owners = Owners.IsDefault ? RunOwners.Default : Owners;
        using var supervision = new Supervision(owners, Options(), Environment.SetItem(RunId.Variable, runId), Events);
        if (Pool is not null && MayShareSupervisor)
        {
            supervision.StartKept(Pool, Environment, runId, (StandardOutput?.Open(), StandardError?.Open()));
        }
        else
        {
            supervision.Start(InheritStandardStreams ? null : (StandardOutput?.Open(), StandardError?.Open()), isQuiet: RawArguments.IsDefault);
        }

        return await supervision.WaitAsync(runId, RemovedDirectory(), Leftovers, cancellationToken, killToken).ConfigureAwait(false);
    }

    // What changes a supervisor itself, or cannot be told to one that runs already, needs one of its own.
    private bool MayShareSupervisor =>
        RawArguments.IsDefault && !InheritStandardStreams && WorkDirectory is null && Umask is null
        && Path.IsPathFullyQualified(WorkingDirectory ?? "")
        && Containment is (Containment.Auto or Containment.Supervised or Containment.Cgroup)
        && !OwnerLifeline.IsNeeded;

    private string? OuterRun =>
        Environment.TryGetValue(RunId.Variable, out var set) ? set : System.Environment.GetEnvironmentVariable(RunId.Variable);

    // A supervisor that is killed cannot remove it any more, and may not even have told of it.
    private string? RemovedDirectory()
    {
        if (RawArguments.IsDefault)
        {
            return WorkDirectoryRemoval == WorkDirectoryRemoval.Never ? null : WorkDirectory;
        }

        try
        {
            var options = OptionParser.Parse(RawArguments, cancelTimeout: null);
            return options.Removal == Removal.Never ? null : options.WorkDirectory;
        }
        catch (UsageException)
        {
            return null; // the supervisor tells
        }
    }

    private IEnumerable<string> Options()
    {
        if (!RawArguments.IsDefault)
        {
            foreach (var argument in RawArguments)
            {
                yield return argument;
            }

            yield break;
        }

        if (GracePeriod is { } grace)
        {
            yield return Milliseconds("grace", grace);
        }

        if (KillWait is { } killWait)
        {
            yield return Milliseconds("kill-wait", killWait);
        }

        if (CancelSignal is { } signal)
        {
            yield return $"--signal={signal}";
        }

        if (Timeout is { } timeout)
        {
            yield return Milliseconds("timeout", timeout);
        }

        yield return $"--leftovers={Lower(Leftovers)}";
        foreach (var name in AllowedLeftovers.IsDefault ? [] : AllowedLeftovers)
        {
            yield return $"--allow={name}";
        }

        if (WorkDirectory is { } workDirectory)
        {
            yield return $"--work-dir={workDirectory}";
            yield return $"--remove-work-dir={Lower(WorkDirectoryRemoval)}";
        }

        if (WorkingDirectory is { } directory)
        {
            yield return $"--directory={directory}";
        }

        if (Umask is { } umask)
        {
            yield return $"--umask={Convert.ToString((int)umask, 8)}";
        }

        if (InheritStandardStreams)
        {
            yield return "--stdin=inherit";
        }

        yield return $"--containment={Lower(Containment)}";
        yield return "--";
        yield return Program;
        foreach (var argument in Arguments)
        {
            yield return argument;
        }
    }

    private static string Milliseconds(string name, TimeSpan value) =>
        string.Create(CultureInfo.InvariantCulture, $"--{name}={(long)value.TotalMilliseconds}");

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
