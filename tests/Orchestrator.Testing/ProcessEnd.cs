using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Testing;

/// <summary>The end of a process that is no child of ours (<c>pidfd_open(2)</c>).</summary>
public sealed class ProcessEnd : IDisposable
{
    private const int Deadline = 60_000; // ms
    private readonly int pid;
    private readonly FileDescriptor descriptor;

    private ProcessEnd(int pid, FileDescriptor descriptor) => (this.pid, this.descriptor) = (pid, descriptor);

    /// <summary>Starts to watch a process that is alive.</summary>
    public static ProcessEnd Watch(int pid) =>
        new(pid, SystemCalls.OpenProcess(pid) ?? throw new InvalidOperationException($"process {pid} has ended"));

    /// <summary>Starts to watch all below a process.</summary>
    public static IReadOnlyList<ProcessEnd> WatchBelow(int pid) =>
        [.. ProcessTable.Descendants(pid).Select(process => Watch(process.Pid))];

    /// <summary>Waits, with a deadline.</summary>
    public void Wait()
    {
        if (!SystemCalls.WaitForEnd(descriptor, Deadline))
        {
            throw new TimeoutException($"process {pid} lives");
        }
    }

    public void Dispose() => descriptor.Dispose();
}
