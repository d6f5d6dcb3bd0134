using System.Collections.Immutable;
using System.Diagnostics.Contracts;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes;

/// <summary>
/// A command, and how it is to be run so that nothing it starts can outlive it. Immutable: each <c>With…</c> method
/// returns a changed copy, and one command can be run any number of times, also at once.
/// </summary>
public sealed partial class SupervisedCommand
{
    private SupervisedCommand(string program) => Program = program;

    private SupervisedCommand(SupervisedCommand other)
    {
        Program = other.Program;
        Arguments = other.Arguments;
        WorkingDirectory = other.WorkingDirectory;
        Environment = other.Environment;
        GracePeriod = other.GracePeriod;
        KillWait = other.KillWait;
        CancelSignal = other.CancelSignal;
        Timeout = other.Timeout;
        Leftovers = other.Leftovers;
        AllowedLeftovers = other.AllowedLeftovers;
        WorkDirectory = other.WorkDirectory;
        WorkDirectoryRemoval = other.WorkDirectoryRemoval;
        Umask = other.Umask;
        Containment = other.Containment;
        InheritStandardStreams = other.InheritStandardStreams;
        Owners = other.Owners;
        RawArguments = other.RawArguments;
        StandardOutput = other.StandardOutput;
        StandardError = other.StandardError;
        Events = other.Events;
        Pool = other.Pool;
    }

    /// <summary>The program: a path, or a name that is looked up in <c>PATH</c>.</summary>
    public string Program { get; }

    /// <summary>Its arguments, each passed to it unchanged.</summary>
    public ImmutableArray<string> Arguments { get; private init; } = [];

    /// <summary>Its working directory; null is the caller's.</summary>
    public string? WorkingDirectory { get; private init; }

    /// <summary>Changes to the caller's environment; a null value removes the variable.</summary>
    public ImmutableDictionary<string, string?> Environment { get; private init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>
    /// From the first signal to SIGKILL. Null (the default) is <c>CANCEL_TIMEOUT_MS</c> from the environment, else 500 ms.
    /// A limit, never a sleep: a run that is empty sooner ends sooner.
    /// </summary>
    public TimeSpan? GracePeriod { get; private init; }

    /// <summary>How long to wait after SIGKILL before survivors are reported. Null (the default) is 5 s.</summary>
    public TimeSpan? KillWait { get; private init; }

    /// <summary>Name of the first signal, without SIG. Null (the default) is TERM.</summary>
    public string? CancelSignal { get; private init; }

    /// <summary>The run is cancelled after this long. Null (the default) is never.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>What happens to processes that outlive the command. The default is <see cref="LeftoversPolicy.Kill"/>.</summary>
    public LeftoversPolicy Leftovers { get; private init; }

    /// <summary>Names of programs that may outlive the command (<c>sccache</c>).</summary>
    public ImmutableArray<string> AllowedLeftovers { get; private init; } = [];

    /// <summary>A directory that belongs to the run and that is removed with it; null (the default) for none.</summary>
    public string? WorkDirectory { get; private init; }

    /// <summary>When <see cref="WorkDirectory"/> is removed. The default is <see cref="WorkDirectoryRemoval.Cancelled"/>.</summary>
    public WorkDirectoryRemoval WorkDirectoryRemoval { get; private init; }

    /// <summary>File mode creation mask of the command (<c>umask(2)</c>); null (the default) is the caller's.</summary>
    public UnixFileMode? Umask { get; private init; }

    /// <summary>What is to hold the run. The default is <see cref="Containment.Auto"/>.</summary>
    public Containment Containment { get; private init; }

    /// <summary>
    /// Whether the command uses the caller's own standard input, output and error. The default is false: input is
    /// empty, and output goes line by line to the callbacks.
    /// </summary>
    public bool InheritStandardStreams { get; private init; }

    /// <summary>Processes beside the caller whose death cancels the run. The default is <see cref="RunOwners.Default"/>.</summary>
    public ImmutableArray<RunOwner> Owners { get; private init; }

    /// <summary>A command with no options.</summary>
    /// <param name="program">A path, or a name that is looked up in <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments, each passed to it unchanged.</param>
    /// <returns>The command; nothing runs yet.</returns>
    /// <exception cref="ArgumentException"><paramref name="program"/> is empty.</exception>
    [Pure]
    public static SupervisedCommand Create(string program, params IEnumerable<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        return new(program) { Arguments = [.. arguments] };
    }

    /// <summary>A command as <c>orchestrator-supervise</c> itself takes it, on the caller's own standard streams.</summary>
    /// <param name="arguments">Its options, <c>--</c>, the command and its arguments; <c>orchestrator-supervise --help</c> lists them.</param>
    /// <returns>The command; nothing runs yet, and nothing is checked before it does.</returns>
    [Pure]
    public static SupervisedCommand FromSupervisorArguments(params IEnumerable<string> arguments) =>
        new("") { RawArguments = [.. arguments], InheritStandardStreams = true };

    /// <summary>Replaces the arguments.</summary>
    [Pure]
    public SupervisedCommand WithArguments(params IEnumerable<string> arguments) => new(this) { Arguments = [.. arguments] };

    /// <summary>Sets the working directory.</summary>
    [Pure]
    public SupervisedCommand WithWorkingDirectory(string? directory) => new(this) { WorkingDirectory = directory };

    /// <summary>Sets one environment variable, or removes it if <paramref name="value"/> is null.</summary>
    [Pure]
    public SupervisedCommand WithEnvironmentVariable(string name, string? value) =>
        new(this) { Environment = Environment.SetItem(name, value) };

    /// <summary>Sets environment variables; a null value removes one.</summary>
    [Pure]
    public SupervisedCommand WithEnvironmentVariables(IEnumerable<KeyValuePair<string, string?>> variables) =>
        new(this) { Environment = Environment.SetItems(variables) };

    /// <summary>Sets the time from the first signal to SIGKILL.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    [Pure]
    public SupervisedCommand WithGracePeriod(TimeSpan gracePeriod) => new(this) { GracePeriod = InRange(gracePeriod) };

    /// <summary>Sets how long to wait after SIGKILL before survivors are reported.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    [Pure]
    public SupervisedCommand WithKillWait(TimeSpan killWait) => new(this) { KillWait = InRange(killWait) };

    /// <summary>Sets the first signal, by name, with or without SIG (<c>INT</c>).</summary>
    /// <exception cref="ArgumentException">There is no signal of that name (<c>signal(7)</c>).</exception>
    [Pure]
    public SupervisedCommand WithCancelSignal(string name) => Signals.Parse(name) is null
        ? throw new ArgumentException($"'{name}' is not the name of a signal (such as TERM, INT, QUIT)", nameof(name))
        : new(this) { CancelSignal = name };

    /// <summary>Cancels the run after <paramref name="timeout"/>; null for never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 days.</exception>
    [Pure]
    public SupervisedCommand WithTimeout(TimeSpan? timeout) =>
        new(this) { Timeout = timeout is { } value ? InRange(value) : null };

    /// <summary>Sets what happens to processes that outlive the command.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="allowed">
    /// Names of programs that may outlive it whatever the policy is: the name of the process or of its file (<c>sccache</c>),
    /// or of what an interpreter runs (<c>GradleDaemon</c>, <c>MSBuild</c>).
    /// </param>
    [Pure]
    public SupervisedCommand WithLeftovers(LeftoversPolicy policy, params IEnumerable<string> allowed) =>
        new(this) { Leftovers = policy, AllowedLeftovers = [.. allowed] };

    /// <summary>
    /// Gives the run a directory of its own. It is made if it does not exist; one that exists must be empty or carry
    /// our marker, so that nothing of anybody else's is ever removed.
    /// </summary>
    [Pure]
    public SupervisedCommand WithWorkDirectory(
        string? directory,
        WorkDirectoryRemoval removal = WorkDirectoryRemoval.Cancelled) =>
        new(this) { WorkDirectory = directory, WorkDirectoryRemoval = removal };

    /// <summary>Sets the file mode creation mask of the command.</summary>
    [Pure]
    public SupervisedCommand WithUmask(UnixFileMode? umask) => new(this) { Umask = umask };

    /// <summary>Sets what is to hold the run.</summary>
    [Pure]
    public SupervisedCommand WithContainment(Containment containment) => new(this) { Containment = containment };

    /// <summary>Gives the command the caller's own standard input, output and error.</summary>
    [Pure]
    public SupervisedCommand WithInheritedStandardStreams() => new(this) { InheritStandardStreams = true };

    /// <summary>Sets the processes beside the caller whose death cancels the run.</summary>
    [Pure]
    public SupervisedCommand WithOwners(params IEnumerable<RunOwner> owners) => new(this) { Owners = [.. owners] };

    /// <summary>
    /// Calls <paramref name="line"/> for each line of standard output as it comes, in order, without its line end.
    /// Bytes that are not UTF-8 become U+FFFD; on Windows a line that is not UTF-8 is read in the OEM code page instead.
    /// </summary>
    [Pure]
    public SupervisedCommand WithStandardOutput(Action<string> line) => new(this) { StandardOutput = OutputTarget.Lines(line) };

    /// <summary>Calls <paramref name="bytes"/> for each piece of standard output as it comes, unchanged.</summary>
    [Pure]
    public SupervisedCommand WithStandardOutputBytes(OutputBytes bytes) => new(this) { StandardOutput = OutputTarget.Bytes(bytes) };

    /// <summary>As <see cref="WithStandardOutput(Action{string})"/>, for standard error.</summary>
    [Pure]
    public SupervisedCommand WithStandardError(Action<string> line) => new(this) { StandardError = OutputTarget.Lines(line) };

    /// <summary>As <see cref="WithStandardOutputBytes(OutputBytes)"/>, for standard error.</summary>
    [Pure]
    public SupervisedCommand WithStandardErrorBytes(OutputBytes bytes) => new(this) { StandardError = OutputTarget.Bytes(bytes) };

    /// <summary>Calls <paramref name="handler"/> for each event of the run as it happens, in order.</summary>
    [Pure]
    public SupervisedCommand WithEvents(Action<RunEvent> handler) => new(this) { Events = handler };

    /// <summary>
    /// Lets the command be run by a supervisor that has run another one before, and keeps that one for the next: it saves
    /// the start of a process. Where a run needs a supervisor of its own (a work directory, a mask, other streams, the
    /// levels <c>group</c> and <c>namespace</c>), it gets one.
    /// </summary>
    /// <param name="pool">Where supervisors are kept; null for a new one for each run, which is the default.</param>
    [Pure]
    public SupervisedCommand WithSupervisors(SupervisorPool? pool) => new(this) { Pool = pool };

    private static TimeSpan InRange(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.TotalMilliseconds, int.MaxValue, nameof(value));
        return value;
    }
}
