namespace Orchestrator.Supervisor.Linux;

/// <summary>How a child ended: with a status, or by a signal.</summary>
internal readonly record struct ChildExit(int? Status, int? Signal)
{
    private const int Exited = 1; // CLD_EXITED; CLD_KILLED and CLD_DUMPED carry the signal.

    /// <summary>Exit status as a shell tells it: 128 + n for signal n.</summary>
    internal int ShellStatus => Status ?? 128 + Signal!.Value;

    internal static ChildExit FromSigInfo(int code, int status) =>
        code == Exited ? new(status, null) : new(null, status);
}
