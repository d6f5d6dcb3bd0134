using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Orchestrator.Supervisor.MacOS;

/// <summary>A living process of a group.</summary>
/// <param name="Id">Its PID.</param>
/// <param name="Name">Its name: <c>p_comm</c>, at most 16 bytes.</param>
[SupportedOSPlatform("macos")]
internal sealed record GroupMember(int Id, string Name)
{
    // struct kinfo_proc (sys/sysctl.h) on 64-bit systems.
    private const int EntrySize = 648;
    private const int StateOffset = 36; // kp_proc.p_stat
    private const int IdOffset = 40; // kp_proc.p_pid
    private const int NameOffset = 243; // kp_proc.p_comm
    private const int NameLength = 17;
    private const byte Zombie = 5; // SZOMB

    /// <summary>Those of a group that are no zombies (<c>sysctl(3)</c>, KERN_PROC_PGRP).</summary>
    internal static unsafe List<GroupMember> Of(int group)
    {
        var name = stackalloc int[] { 1, 14, 2, group }; // CTL_KERN, KERN_PROC, KERN_PROC_PGRP
        while (true)
        {
            nuint size = 0;
            if (Libc.SysCtl(name, 4, null, &size, null, 0) != 0)
            {
                return [];
            }

            size += 16 * EntrySize; // for those that are started meanwhile
            var buffer = new byte[size];
            fixed (byte* start = buffer)
            {
                if (Libc.SysCtl(name, 4, start, &size, null, 0) == 0)
                {
                    return Parse(buffer.AsSpan(0, (int)size));
                }
            }

            const int NoMemory = 12; // ENOMEM: more have been started
            if (Marshal.GetLastPInvokeError() != NoMemory)
            {
                return [];
            }
        }
    }

    private static List<GroupMember> Parse(ReadOnlySpan<byte> entries)
    {
        var members = new List<GroupMember>();
        for (; entries.Length >= EntrySize; entries = entries[EntrySize..])
        {
            if (entries[StateOffset] != Zombie)
            {
                var name = entries.Slice(NameOffset, NameLength);
                var end = name.IndexOf((byte)0);
                members.Add(new(MemoryMarshal.Read<int>(entries[IdOffset..]), Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
            }
        }

        return members;
    }
}
