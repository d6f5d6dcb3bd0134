namespace Orchestrator.Matrix;

/// <summary>A way to end a run.</summary>
/// <param name="Name">What happens.</param>
/// <param name="ExitCode">What the owner then returns; null where it cannot return, or nothing is promised.</param>
public sealed record MatrixEnd(string Name, int? ExitCode = null)
{
    public static readonly MatrixEnd Token = new("token", 143);
    public static readonly MatrixEnd Timeout = new("timeout", 124);
    public static readonly MatrixEnd Interrupt = new("SIGINT", 130);
    public static readonly MatrixEnd Terminate = new("SIGTERM", 143);
    public static readonly MatrixEnd HangUp = new("SIGHUP", 129);
    public static readonly MatrixEnd Quit = new("SIGQUIT", 131);
    public static readonly MatrixEnd OwnerKilled = new("owner killed");
    public static readonly MatrixEnd GroupKilled = new("owner's group killed");
    public static readonly MatrixEnd SupervisorKilled = new("supervisor killed", 125);
    public static readonly MatrixEnd AllKilled = new("supervisor, keeper and owner killed");
    public static readonly MatrixEnd Leftovers = new("exit with leftovers", 3);
    public static readonly MatrixEnd ParentKilled = new("owner's parent killed, CI=true");
    public static readonly MatrixEnd TerminalClosed = new("terminal closed", 129);

    public static IReadOnlyList<MatrixEnd> All { get; } =
    [
        Token, Timeout, Interrupt, Terminate, HangUp, Quit, OwnerKilled, GroupKilled, SupervisorKilled, AllKilled, Leftovers, ParentKilled, TerminalClosed,
    ];

    /// <summary>Whether a script can be ended in this way.</summary>
    public bool Fits(MatrixScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return this != Leftovers || (!script.WaitsForAll && script.Text.Contains("echo READY;", StringComparison.Ordinal));
    }

    public static MatrixEnd Find(string name) =>
        All.FirstOrDefault(end => end.Name == name) ?? throw new ArgumentException($"there is no end '{name}'; there are: {string.Join(", ", All)}");

    public override string ToString() => Name;
}
