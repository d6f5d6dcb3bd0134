using System.Text;
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

    private static readonly byte[][] StatusLines = Names("Umask:", "Uid:", "Gid:", "Groups:", "SigIgn:", "Cap", "NoNewPrivs:", "Seccomp", "Cpus_allowed:", "Mems_allowed:");
    private static readonly int[] StatFields = [19, 40, 41]; // nice, rt_priority, policy (proc_pid_stat(5))

    /// <summary>What they are now.</summary>
    internal static byte[] Read()
    {
        var traits = new MemoryStream(4096);
        AddStatus(traits, ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/status\0"u8));
        AddStat(traits, ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/stat\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/limits\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/cgroup\0"u8));
        traits.Write(ProcessTable.ReadFile(LibC.AT_FDCWD, "/proc/self/oom_score_adj\0"u8));
        return traits.ToArray();
    }

    private static void AddStatus(MemoryStream traits, ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            foreach (var name in StatusLines)
            {
                if (line.StartsWith(name))
                {
                    traits.Write(line);
                }
            }
        }
    }

    private static void AddStat(MemoryStream traits, ReadOnlySpan<byte> text)
    {
        var fields = text[(text.LastIndexOf((byte)')') + 2)..];
        var number = FirstAfterName;
        foreach (var range in fields.Split((byte)' '))
        {
            if (Array.IndexOf(StatFields, number++) >= 0)
            {
                traits.Write(fields[range]);
                traits.WriteByte((byte)' ');
            }
        }
    }

    private static byte[][] Names(params IEnumerable<string> names) => [.. names.Select(Encoding.ASCII.GetBytes)];
}
