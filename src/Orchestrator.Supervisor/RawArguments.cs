using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// The command's arguments and environment as the bytes that the kernel gave us: a file name need not be UTF-8, and
/// .NET's strings would change it.
/// </summary>
internal static class RawArguments
{
    /// <summary>The last arguments of our own command line, each with its closing zero.</summary>
    internal static IReadOnlyList<byte[]> Last(IReadOnlyList<string> arguments)
    {
        var raw = Split(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/cmdline\0"u8));
        return raw.Count >= arguments.Count
            ? raw[^arguments.Count..]
            : [.. arguments.Select(SystemCalls.Encode)];
    }

    /// <summary>Our environment with some variables replaced.</summary>
    internal static List<byte[]> Environment(params ReadOnlySpan<(string Name, string Value)> changes)
    {
        var raw = Split(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/environ\0"u8));
        foreach (var (name, value) in changes)
        {
            var prefix = System.Text.Encoding.UTF8.GetBytes(name + "=");
            raw.RemoveAll(entry => entry.AsSpan().StartsWith(prefix));
            raw.Add(SystemCalls.Encode($"{name}={value}"));
        }

        return raw;
    }

    private static List<byte[]> Split(byte[]? block)
    {
        var strings = new List<byte[]>();
        var rest = block.AsSpan();
        while (rest.IndexOf((byte)0) is var end and >= 0)
        {
            strings.Add(rest[..(end + 1)].ToArray());
            rest = rest[(end + 1)..];
        }

        return strings;
    }
}
