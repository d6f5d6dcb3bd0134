using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Benchmarks;

/// <summary>Where the figures come from, by what matters for them.</summary>
internal static class Machine
{
    internal static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), Linux {Environment.OSVersion.Version.ToString(2)}, {RuntimeInformation.FrameworkDescription}; load average of the last minute before: {LoadAverage()}.");

    // Only before: the benchmarks themselves start a thousand processes at once.
    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0]; // proc(5)
}
