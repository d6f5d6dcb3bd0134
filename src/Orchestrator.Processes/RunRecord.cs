using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>Gathers the events of a run into its result.</summary>
internal sealed class RunRecord
{
    private readonly List<ProcessName> escapees = [];
    private readonly List<ProcessName> leftovers = [];
    private readonly List<ProcessName> survivors = [];
    private RunEvent.Started? started;
    private RunEvent.Cancelling? cancelling;
    private RunEvent.Exited? exited;
    private RunEvent.Usage? usage;

    /// <summary>The first error that the supervisor told.</summary>
    internal string? Failure { get; private set; }

    /// <summary>Whether the supervisor came to its own end: it tells what was used, last; or it said why nothing was started.</summary>
    internal bool IsComplete => usage is not null || (Failure is not null && started is null);

    /// <summary>Whether the command was started.</summary>
    internal bool HasStarted => started is not null;

    /// <summary>Whether the run was ended: cancelled, timed out, or its owner was gone.</summary>
    internal bool WasAborted => cancelling is { Reason: not RunEnd.Leftovers };

    internal IReadOnlyList<ProcessName> Survivors => survivors;

    internal void Add(RunEvent happened)
    {
        switch (happened)
        {
            case RunEvent.Started value: started = value; break;
            case RunEvent.Cancelling value: cancelling = value; break;
            case RunEvent.Exited value: exited = value; break;
            case RunEvent.Usage value: usage = value; break;
            case RunEvent.Escaped value: escapees.Add(value.Process); break;
            case RunEvent.LeftOver value: leftovers.Add(value.Process); break;
            case RunEvent.Survived value: survivors.Add(value.Process); break;
            case RunEvent.Failed value: Failure ??= value.Message; break;
        }
    }

    internal void AddSurvivors(IEnumerable<ProcessEntry> processes) =>
        survivors.AddRange(processes.Select(process => new ProcessName(process.Pid, process.Name)));

    internal RunResult ToResult(int exitCode, LeftoversPolicy policy, TimeSpan duration) => new()
    {
        ExitCode = exitCode,
        EndedBy = cancelling switch
        {
            { Reason: RunEnd.Leftovers } when policy == LeftoversPolicy.Fail && exitCode == 120 => RunEnd.Leftovers,
            null or { Reason: RunEnd.Leftovers } => exited?.Signal is null ? RunEnd.Exited : RunEnd.Signalled,
            var ending => ending.Reason,
        },
        Signal = exited?.Signal,
        ProcessGroupId = started?.ProcessGroupId ?? 0,
        Containment = started?.Containment ?? Containment.Auto,
        ContainmentFallback = started?.Fallback,
        Duration = duration,
        CpuTime = usage?.CpuTime ?? TimeSpan.Zero,
        PeakMemory = usage?.PeakMemory ?? 0,
        Escapees = escapees,
        Leftovers = leftovers,
        Survivors = survivors,
    };
}
