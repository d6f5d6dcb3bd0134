namespace Orchestrator.Pkgbuild;

/// <summary>How patient a download is.</summary>
public sealed record DownloadOptions
{
    /// <summary>How often a download is begun before it fails: after a 5xx answer, a lost connection or a stall. The default is 4.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The wait before the second attempt; it doubles with each one. The default is 1 s.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An attempt fails when nothing came for this long. The default is 30 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a long download says how far it is. The default is 5 s.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(5);
}
