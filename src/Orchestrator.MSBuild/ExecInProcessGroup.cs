using Microsoft.Build.Framework;
using Microsoft.Build.Tasks;

namespace Orchestrator.MSBuild;

/// <summary>
/// MSBuild's <c>Exec</c> task, so that nothing that the command starts outlives it: it is run in a process group of its own
/// under a supervisor, and ended with all its descendants when the build is cancelled, times out, fails or is killed.
/// Takes every parameter of <c>Exec</c>, with the same defaults; docs/msbuild.md lists what is different.
/// </summary>
[MSBuildMultiThreadableTask]
public partial class ExecInProcessGroup : Exec
{
    /// <summary>The commands, for the shell. Required; MSBuild itself does not check it, so that the error is ORC0001.</summary>
    public new string? Command
    {
        get => base.Command;
        set => base.Command = value ?? "";
    }

    /// <summary>
    /// From the first signal to SIGKILL, in milliseconds. The default is <c>CANCEL_TIMEOUT_MS</c> from the environment, else 500.
    /// A limit: a run that is empty sooner ends sooner.
    /// </summary>
    public string? GracePeriod { get; set; }

    /// <summary>Name of the first signal (<c>signal(7)</c>), with or without SIG. The default is TERM.</summary>
    public string? CancelSignal { get; set; }

    /// <summary>
    /// Before the run: what happens to processes that outlive the command: <c>kill</c> (the default), <c>keep</c>, or <c>fail</c>,
    /// which ends them and fails the task. After it: those processes by name, with <c>ProcessId</c> as metadata.
    /// </summary>
    [Output]
    public ITaskItem[]? Leftovers { get; set; }

    /// <summary>Names of programs that may outlive the command whatever <see cref="Leftovers"/> says (<c>sccache</c>, <c>GradleDaemon</c>).</summary>
    public string[]? AllowedLeftovers { get; set; }

    /// <summary>
    /// What holds the run: <c>auto</c> (the default), <c>group</c>, <c>supervised</c>, <c>cgroup</c> or <c>namespace</c>. One that
    /// is asked for and cannot be had is an error.
    /// </summary>
    public string? Containment { get; set; }

    /// <summary>
    /// A directory that belongs to the run and is removed with it: made if it does not exist, else it must be empty or carry our
    /// marker. Relative to <c>WorkingDirectory</c>, which is the project's folder if it is not set. The default is none.
    /// </summary>
    public string? WorkDirectory { get; set; }

    /// <summary>When <see cref="WorkDirectory"/> is removed: <c>cancelled</c> (the default), <c>always</c> or <c>never</c>.</summary>
    public string? RemoveWorkDirectory { get; set; }

    /// <summary>How often the command is run again after an exit code of <see cref="RetryExitCodes"/>. The default is 0.</summary>
    public int Retries { get; set; }

    /// <summary>Exit codes after which the command is run again. A cancelled or timed out run never is.</summary>
    public string[]? RetryExitCodes { get; set; }

    /// <summary>The group that the command led; 0 if it never started.</summary>
    [Output]
    public int ProcessGroupId { get; private set; }

    /// <summary>Name of the signal that ended the command, without SIG; empty if it exited.</summary>
    [Output]
    public string Signal { get; private set; } = "";

    /// <summary>Descendants that had left the group when the run was ended, by name, with <c>ProcessId</c> as metadata.</summary>
    [Output]
    public ITaskItem[] Escapees { get; private set; } = [];

    /// <summary>The largest resident set of one process of the run, in bytes.</summary>
    [Output]
    public long PeakMemory { get; private set; }

    /// <summary>User and system time of the command and all its descendants, in milliseconds.</summary>
    [Output]
    public long CpuTime { get; private set; }
}
