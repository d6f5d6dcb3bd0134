using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Sees the end of the processes that a run depends on: by pidfds, or by lifelines. Where there is neither, our parent's
/// end is told by a signal, and any other process is looked for once a second: the one thing here that polls.
/// </summary>
internal sealed class OwnerWatch : IDisposable
{
    private const int LookEvery = 1000; // ms
    private readonly List<ProcessHandle> owners = [];
    private readonly List<Lifeline> lifelines = [];
    private int parent;

    /// <param name="owners">The owners.</param>
    /// <param name="lifelines">The lifelines. With neither, the parent is the owner, if it is not PID 1.</param>
    internal OwnerWatch(IReadOnlyList<OwnerOption> owners, IReadOnlyList<string> lifelines)
    {
        IEnumerable<OwnerOption> wanted = owners.Count > 0 || lifelines.Count > 0 ? owners
            : SystemCalls.ParentId() is > 1 and var ours ? [new OwnerOption(ours, null)]
            : [];
        foreach (var owner in wanted)
        {
            if (Open(owner) is { } handle)
            {
                this.owners.Add(handle);
            }
            else
            {
                OneIsGone = true;
            }
        }

        foreach (var path in lifelines)
        {
            this.lifelines.Add(Lifeline.Open(path));
        }

        WatchParent();
        Look();
    }

    /// <summary>Whether one has ended, or its number had become another's before we could watch it.</summary>
    internal bool OneIsGone { get; private set; }

    /// <summary>Each is readable when <see cref="Look"/> may find something.</summary>
    internal IEnumerable<FileDescriptor?> Descriptors => [.. owners.Select(owner => owner.Descriptor), .. lifelines.Select(lifeline => lifeline.Descriptor)];

    /// <summary>Whether <see cref="Look"/> may find something although no descriptor is ready.</summary>
    internal bool MustLook => parent > 0 || LookAfter is not null;

    /// <summary>After how many milliseconds <see cref="Look"/> must be called whatever happens; null if an event always tells.</summary>
    internal int? LookAfter => owners.Exists(owner => owner.Descriptor is null && owner.Pid != parent) ? LookEvery : null;

    /// <summary>Looks whether one has ended.</summary>
    internal void Look()
    {
        OneIsGone |= owners.Exists(owner => owner.HasEnded)
            || lifelines.Exists(lifeline => lifeline.HasEnded())
            || (parent > 0 && SystemCalls.ParentId() != parent);
        if (OneIsGone)
        {
            // A descriptor would stay readable for ever.
            Dispose();
        }
    }

    public void Dispose()
    {
        owners.ForEach(owner => owner.Dispose());
        owners.Clear();
        lifelines.ForEach(lifeline => lifeline.Dispose());
        lifelines.Clear();
        parent = 0;
    }

    // Another user's process need not be shown by /proc (hidepid), and then its number must be trusted.
    private static ProcessHandle? Open(OwnerOption owner) =>
        ProcessHandle.Open(owner.Pid, ProcessTable.Find(owner.Pid) is null ? null : owner.Start);

    // Asked for first, looked at afterwards: a parent that ends in between is noticed.
    private void WatchParent()
    {
        var own = SystemCalls.ParentId();
        if (owners.Exists(owner => owner.Descriptor is null && owner.Pid == own) && SystemCalls.TrySignalOnParentEnd(Signals.Chld))
        {
            parent = own;
        }
    }
}
