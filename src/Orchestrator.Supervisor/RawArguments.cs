using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// The command's arguments and environment as the bytes that the kernel gave us: a file name need not be UTF-8, and
/// .NET's strings would change it.
/// </summary>
internal static unsafe partial class RawArguments
{
    /// <summary>The last arguments of our own command line, each with its closing zero.</summary>
    internal static IReadOnlyList<byte[]> Last(IReadOnlyList<string> arguments)
    {
        var raw = All();
        return raw.Count >= arguments.Count
            ? raw[^arguments.Count..]
            : [.. arguments.Select(SystemCalls.Encode)];
    }

    /// <summary>Our environment with some variables replaced.</summary>
    internal static List<byte[]> Environment(params ReadOnlySpan<(string Name, string Value)> changes)
    {
        var raw = Copy(OwnProgram.IsNative ? Environ() : *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ"));
        foreach (var (name, value) in changes)
        {
            var prefix = System.Text.Encoding.UTF8.GetBytes(name + "=");
            raw.RemoveAll(entry => entry.AsSpan().StartsWith(prefix));
            raw.Add(SystemCalls.Encode($"{name}={value}"));
        }

        return raw;
    }

    /// <summary>Starts our own program anew in this process, with the same arguments and environment: execve(2).</summary>
    internal static void ExecuteAgain() => SystemCalls.Execute("/proc/self/exe\0"u8, All(), Environment());

    // The managed program does not start where there is no /proc.
    private static List<byte[]> All() =>
        OwnProgram.IsNative ? Copy(Arguments()) : Split(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/cmdline\0"u8));

    // A vector as in execve(2): pointers to strings, then a null.
    private static List<byte[]> Copy(byte** vector)
    {
        var strings = new List<byte[]>();
        for (var entry = vector; *entry != null; entry++)
        {
            strings.Add([.. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*entry), 0]);
        }

        return strings;
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

    /// <summary>Says that Main runs.</summary>
    internal static void Begin()
    {
        if (OwnProgram.IsNative)
        {
            Began();
        }
    }

    // Linked into the native program alone: ProgramStart.c.
    [LibraryImport("libc", EntryPoint = "orchestrator_arguments")]
    private static partial byte** Arguments();

    [LibraryImport("libc", EntryPoint = "orchestrator_environment")]
    private static partial byte** Environ();

    [LibraryImport("libc", EntryPoint = "orchestrator_began")]
    private static partial void Began();
}
