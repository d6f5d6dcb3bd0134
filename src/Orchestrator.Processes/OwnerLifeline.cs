using System.IO.Pipes;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>
/// Tells a supervisor that this process has ended where no pidfd can be had (seccomp, Linux before 5.3): a pipe that
/// nobody else holds open for writing, opened through <c>/proc/PID/fd</c> (<c>proc(5)</c>).
/// </summary>
internal sealed class OwnerLifeline : IDisposable
{
    private static readonly Lazy<bool> Needed = new(() => SystemCalls.OpenProcessProblem() is not null);
    private readonly AnonymousPipeServerStream pipe = new(PipeDirection.Out, HandleInheritability.None);

    private OwnerLifeline() => pipe.DisposeLocalCopyOfClientHandle();

    /// <summary>What the supervisor opens.</summary>
    internal string Path => FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{pipe.SafePipeHandle.DangerousGetHandle()}");

    /// <summary>Whether no pidfd can be had here.</summary>
    internal static bool IsNeeded => Needed.Value;

    /// <summary>One where it is needed, else null: a pidfd costs nothing.</summary>
    internal static OwnerLifeline? CreateIfNeeded() => Needed.Value ? new() : null;

    public void Dispose() => pipe.Dispose();
}
