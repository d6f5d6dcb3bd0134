using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Processes;

/// <summary>
/// What a process that we start inherits from us beside the environment, as bytes to compare: user, groups, rights, mask,
/// ignored signals, limits, control groups, priority and processors. All of it can be changed while we run, from outside too.
/// </summary>
internal static class OwnTraits
{
    private const int FirstAfterName = 3; // of /proc/PID/stat: before it are the number, and the name, which can have spaces
    private static readonly int[] StatFields = [19, 40, 41]; // nice, rt_priority, policy (proc_pid_stat(5))

    /// <summary>What they are now.</summary>
    internal static byte[] Read()
    {
        var traits = new MemoryStream(4096);
        var status = ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/status\0"u8); // proc_pid_status(5)
        Add(traits, status, "\nUmask:"u8, "\nState:"u8);
        Add(traits, status, "\nUid:"u8, "\nFDSize:"u8);
        Add(traits, status, "\nGroups:"u8, "\nNStgid:"u8);
        Add(traits, status, "\nSigIgn:"u8, "\nSigCgt:"u8);
        Add(traits, status, "\nCapInh:"u8, "\nvoluntary_ctxt_switches:"u8); // with NoNewPrivs, Seccomp, and which processors are allowed
        AddStat(traits, ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/stat\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/limits\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/cgroup\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/oom_score_adj\0"u8));
        return traits.ToArray();
    }

    // From a line up to another; to the end where there is none, so that what a kernel does not tell makes nothing alike.
    private static void Add(MemoryStream traits, ReadOnlySpan<byte> text, ReadOnlySpan<byte> first, ReadOnlySpan<byte> next)
    {
        var rest = text.IndexOf(first) is var start and >= 0 ? text[start..] : text;
        traits.Write(rest.IndexOf(next) is var end and >= 0 ? rest[..end] : rest);
    }

    private static void AddStat(MemoryStream traits, ReadOnlySpan<byte> text)
    {
        var fields = text[(text.LastIndexOf((byte)')') + 2)..];
        for (var number = FirstAfterName; fields.IndexOf((byte)' ') is var end and >= 0; number++)
        {
            if (Array.IndexOf(StatFields, number) >= 0)
            {
                traits.Write(fields[..(end + 1)]);
            }

            fields = fields[(end + 1)..];
        }
    }
}
