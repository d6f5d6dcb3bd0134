using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Benchmarks;

/// <summary>Where the figures come from, by what matters for them.</summary>
internal static class Machine
{
    internal static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), Linux {Environment.OSVersion.Version.ToString(2)}, {RuntimeInformation.FrameworkDescription}; load average before: {LoadAverage()}.");

    /// <summary>Of the last minute, as in /proc/loadavg (<c>proc(5)</c>).</summary>
    internal static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
