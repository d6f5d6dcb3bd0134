namespace Orchestrator.Supervisor.Linux;

/// <summary>What a program is started with besides its arguments and environment.</summary>
internal sealed record SpawnOptions
{
    /// <summary>Its working directory; null for ours.</summary>
    internal string? Directory { get; init; }

    /// <summary>Whether it reads /dev/null instead of our standard input.</summary>
    internal bool NullInput { get; init; }

    /// <summary>A signal that stays ignored in it (SIGHUP under nohup); 0 for none.</summary>
    internal int KeepIgnored { get; init; }

    /// <summary>A descriptor that it gets under the same number, although ours is close-on-exec.</summary>
    internal FileDescriptor? Inherited { get; init; }

    /// <summary>What it gets as standard input, output and error instead of ours; null for ours.</summary>
    internal IReadOnlyList<FileDescriptor?> Streams { get; init; } = [];
}
