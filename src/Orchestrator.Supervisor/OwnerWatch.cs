using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Sees the end of the processes that a run depends on (<c>pidfd_open(2)</c>).</summary>
internal sealed class OwnerWatch : IDisposable
{
    private readonly List<FileDescriptor> owners = [];

    /// <param name="options">The owners; none is the parent, if that is not PID 1.</param>
    internal OwnerWatch(IReadOnlyList<OwnerOption> options)
    {
        IEnumerable<OwnerOption> wanted = options.Count > 0 ? options
            : SystemCalls.ParentId() is > 1 and var parent ? [new OwnerOption(parent, null)]
            : [];
        foreach (var owner in wanted)
        {
            // The descriptor first, then the start time: after that the number cannot become somebody else's.
            var descriptor = SystemCalls.OpenProcess(owner.Pid);
            if (descriptor is null || (owner.Start is { } start && ProcessTable.Find(owner.Pid)?.Start != start))
            {
                descriptor?.Dispose();
                OneIsGone = true;
                continue;
            }

            owners.Add(descriptor);
        }
    }

    /// <summary>Whether one had ended, or its number had become another's, before we could watch it.</summary>
    internal bool OneIsGone { get; private set; }

    /// <summary>Each is readable when its owner ends.</summary>
    internal IReadOnlyList<FileDescriptor> Descriptors => owners;

    /// <summary>Stops watching, once one has ended: its descriptor would stay readable for ever.</summary>
    internal void MarkGone()
    {
        OneIsGone = true;
        Dispose();
    }

    public void Dispose()
    {
        owners.ForEach(owner => owner.Dispose());
        owners.Clear();
    }
}
