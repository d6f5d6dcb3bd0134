using System.Globalization;

namespace Orchestrator.Supervisor;

/// <summary>
/// A supervisor inside another's run gets the outer one's first signal together with its own command, and SIGKILL when
/// the outer grace period is over. It must have ended its run and removed its directory by then, so the outer one tells
/// it how long that is.
/// </summary>
internal static class NestedGrace
{
    internal const string Variable = "ORCHESTRATOR_GRACE_MS";

    private const int LeastPatience = 2000; // ms
    private const int MostPatience = 30_000;

    /// <summary>How much longer a run waits for those inside it that are still cleaning up, in milliseconds.</summary>
    /// <param name="toSignal">How long it took us to find our processes and to signal them: a measure of how busy the machine is. To end a run takes a few times that.</param>
    internal static long Patience(long toSignal) => Math.Clamp(20 * toSignal, LeastPatience, MostPatience);

    /// <summary>What a run tells those inside it: its grace period less what ending and cleaning up take.</summary>
    internal static string ForInner(TimeSpan grace)
    {
        var margin = TimeSpan.FromMilliseconds(Math.Min(200, grace.TotalMilliseconds * 0.4));
        return ((long)(grace - margin).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The grace period of a run: what it asks for, but no longer than the outer run allows.</summary>
    internal static TimeSpan Limit(TimeSpan asked) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var outer)
        && TimeSpan.FromMilliseconds(outer) < asked
            ? TimeSpan.FromMilliseconds(outer)
            : asked;
}
