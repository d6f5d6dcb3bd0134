using System.Globalization;

namespace Orchestrator.Matrix.Runners;

/// <summary>timeout(1) of GNU coreutils, with its SIGKILL 500 ms after the first signal.</summary>
internal sealed class TimeoutRunner() : Runner("`timeout --kill-after=0.5`")
{
    internal override bool HasTimeout => true;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) =>
        ["timeout", "--kill-after=0.5", (timeout ?? TimeSpan.FromHours(1)).TotalSeconds.ToString(CultureInfo.InvariantCulture), "bash", file];
}
