namespace Orchestrator.Pkgbuild;

/// <summary>Says now and then how far a download is.</summary>
internal sealed class DownloadProgress(long present, long? expected, TimeSpan interval, TimeProvider time, BuildLog log)
{
    private readonly long? total = present + expected;
    private long received = present;
    private long lastTime = time.GetTimestamp();
    private long lastReceived = present;

    internal void Add(int bytes)
    {
        received += bytes;
        var elapsed = time.GetElapsedTime(lastTime);
        if (elapsed < interval || elapsed == TimeSpan.Zero)
        {
            return;
        }

        var rate = (received - lastReceived) / elapsed.TotalSeconds;
        log.SubDetail(total is > 0
            ? $"{100 * received / total} % of {Size(total.Value)}, {Size(rate)}/s"
            : $"{Size(received)}, {Size(rate)}/s");
        (lastTime, lastReceived) = (time.GetTimestamp(), received);
    }

    private static string Size(double bytes) => bytes switch
    {
        >= 1L << 30 => FormattableString.Invariant($"{bytes / (1L << 30):0.0} GiB"),
        >= 1L << 20 => FormattableString.Invariant($"{bytes / (1L << 20):0.0} MiB"),
        >= 1L << 10 => FormattableString.Invariant($"{bytes / (1L << 10):0.0} KiB"),
        _ => FormattableString.Invariant($"{bytes:0} B"),
    };
}
