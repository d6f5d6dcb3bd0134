namespace Orchestrator.Supervisor;

/// <summary>What the command line asks for; defaults are those of the contract.</summary>
internal sealed record Options
{
    /// <summary>The grace period where neither <c>--grace</c> nor <c>CANCEL_TIMEOUT_MS</c> says one.</summary>
    internal static readonly TimeSpan DefaultGrace = TimeSpan.FromMilliseconds(500);

    internal Mode Mode { get; init; } = Mode.Run;

    internal IReadOnlyList<OwnerOption> Owners { get; init; } = [];

    /// <summary>FIFOs or pipes whose end of file means that an owner is gone.</summary>
    internal IReadOnlyList<string> Lifelines { get; init; } = [];

    /// <summary>Whether an owner is named, which then forwards signals itself.</summary>
    internal bool IsOwned => Owners.Count > 0 || Lifelines.Count > 0;

    internal TimeSpan Grace { get; init; } = DefaultGrace;

    internal TimeSpan KillWait { get; init; } = TimeSpan.FromSeconds(5);

    internal int Signal { get; init; } = Signals.Term;

    internal TimeSpan? Timeout { get; init; }

    internal LeftoversPolicy Leftovers { get; init; }

    internal AllowList Allowed { get; init; } = new([]);

    internal string? WorkDirectory { get; init; }

    internal Removal Removal { get; init; }

    internal string? Directory { get; init; }

    internal int? Umask { get; init; }

    internal bool InheritInput { get; init; }

    internal Containment Containment { get; init; }

    internal IReadOnlyList<string> Events { get; init; } = [];

    internal bool Quiet { get; init; }

    /// <summary>Program and arguments; how many there are is what counts, see <c>RawArguments</c>.</summary>
    internal IReadOnlyList<string> Command { get; init; } = [];
}

internal enum Mode
{
    Run,
    Hold,
    Serve,
    Probe,
    Version,
    Help,
}

internal enum LeftoversPolicy
{
    Kill,
    Keep,
    Fail,
}

internal enum Removal
{
    Cancelled,
    Always,
    Never,
}

internal enum Containment
{
    Auto,
    Group,
    Supervised,
    Cgroup,
    Namespace,
    Job,
}

internal static class ContainmentNames
{
    /// <summary>As on the command line and in events. Not by reflection, which would cost each run a tenth of its time.</summary>
    internal static string Name(this Containment level) => level switch
    {
        Containment.Group => "group",
        Containment.Supervised => "supervised",
        Containment.Cgroup => "cgroup",
        Containment.Namespace => "namespace",
        Containment.Job => "job",
        _ => "auto",
    };
}

/// <summary>A process whose death cancels the run.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Start">Its start time as in <c>/proc/PID/stat</c>; null to trust the number.</param>
internal readonly record struct OwnerOption(int Pid, ulong? Start);
