namespace Orchestrator.Matrix;

/// <summary>A build that tries to outlive its end. It says READY when its processes run.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Text">For bash; MARK stands for what its processes are found by, FOLDER for a directory of its own.</param>
/// <param name="Survives">The naive cure that it is shown to survive.</param>
public sealed record MatrixScript(string Name, string Text, NaiveKill Survives)
{
    /// <summary>
    /// Whether it gives up both its environment and its session: without supervisor, control group and namespace nothing
    /// says whose it is.
    /// </summary>
    public bool HidesFromOwner { get; init; }

    /// <summary>Whether it keeps the processors busy, so that few of it can run at a time.</summary>
    public bool IsHeavy { get; init; }

    /// <summary>Whether the command waits for all that it starts, so that there are no leftovers.</summary>
    public bool WaitsForAll { get; init; }

    /// <summary>The program that it needs besides those of every machine; null if none.</summary>
    public string? Tool { get; init; }

    /// <summary>Name of one of its programs that must be running before it may be ended: READY comes just before. Null if READY says enough.</summary>
    public string? Busy { get; init; }

    /// <summary>Files that are in FOLDER when it starts.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    public override string ToString() => Name;
}

/// <summary>What people do before they know better.</summary>
public enum NaiveKill
{
    /// <summary>SIGTERM to the command itself, which is what a CI runner or a shell's <c>kill</c> does.</summary>
    Process,

    /// <summary>SIGTERM to its process group, up to 500 ms, SIGKILL to the group.</summary>
    Group,
}
