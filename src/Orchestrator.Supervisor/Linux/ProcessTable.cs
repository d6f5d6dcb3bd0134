using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>Reads /proc (<c>proc(5)</c>).</summary>
internal static partial class ProcessTable
{
    private const int LongestStat = 2048; // 52 numbers of up to 20 digits, and comm
    private const int MaxPid = 4 * 1024 * 1024; // PID_MAX_LIMIT
    private const int Near = 32 * 1024;
    private const ulong KernelThread = 0x00200000; // PF_KTHREAD
    private static readonly Lazy<bool> ShowsOurNumbers = new(() => ReadFile(LibC.AT_FDCWD, "/proc/self/stat\0"u8) is { } text
        && Utf8Parser.TryParse(text, out int pid, out _) && pid == System.Environment.ProcessId);

    /// <summary>
    /// Whether /proc can be used: it is mounted, and it is that of our own PID namespace. In another's the same number is
    /// another process. If not, no process is found here.
    /// </summary>
    internal static bool IsAvailable => ShowsOurNumbers.Value;

    /// <summary>All processes that we may see.</summary>
    internal static List<ProcessEntry> All() => [.. Each()];

    /// <summary>The same, each read only when it is its turn, in the order of their numbers.</summary>
    internal static IEnumerable<ProcessEntry> Each()
    {
        using var proc = IsAvailable ? SystemCalls.Open("/proc", LibC.O_RDONLY | LibC.O_DIRECTORY) : null;
        if (proc is null)
        {
            yield break;
        }

        foreach (var pid in Numbers(proc))
        {
            if (Read(proc.Number, pid) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static IEnumerable<int> Numbers(FileDescriptor proc)
    {
        var reader = new DirectoryReader(proc);
        while (reader.Next(out var name, out _))
        {
            if (Utf8Parser.TryParse(name, out int pid, out var used) && used == name.Length - 1)
            {
                yield return pid;
            }
        }
    }

    /// <summary>The number that was given last, to a process or a thread of our PID namespace; 0 if it is not told.</summary>
    internal static int LastNumber()
    {
        // /proc/loadavg: 0.20 0.18 0.12 1/80 11206
        var text = IsAvailable ? ReadFile(LibC.AT_FDCWD, "/proc/loadavg\0"u8) : null;
        var number = text.AsSpan()[(text.AsSpan().LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(number, out int last, out _) ? last : 0;
    }

    /// <summary>Now, as the start of a process is told: in hundredths of a second since boot (<c>/proc/uptime</c>). 0 if it is not told.</summary>
    internal static ulong Now() =>
        ReadFile(LibC.AT_FDCWD, "/proc/uptime\0"u8) is { } text && Utf8Parser.TryParse(text, out decimal seconds, out _) ? (ulong)(seconds * 100) : 0;

    /// <summary>Whether a number is that of a process, and not of one of its other threads.</summary>
    internal static bool IsProcess(int number) =>
        StatusField(number, "Tgid:") is not [.., var process] || process == number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One process; null if there is none of that number.</summary>
    internal static ProcessEntry? Find(int pid) => IsAvailable ? Read(LibC.AT_FDCWD, pid) : null;

    /// <summary>All living descendants of a process, in no order; zombies are left out.</summary>
    internal static List<ProcessEntry> Descendants(int ancestor) => Below([ancestor], All());

    /// <summary>
    /// Those that are in another group than the one given, whose members are all descendants; and how many are in that one,
    /// zombies included. What is in the group is not read, which is most of the work where there are many.
    /// </summary>
    internal static (List<ProcessEntry> Outside, int InGroup) DescendantsOutside(int group, int ancestor)
    {
        using var proc = IsAvailable ? SystemCalls.Open("/proc", LibC.O_RDONLY | LibC.O_DIRECTORY) : null;
        if (proc is null)
        {
            return ([], 0);
        }

        var others = new List<ProcessEntry>(256);
        var members = new HashSet<int>();
        foreach (var pid in Numbers(proc))
        {
            if (SystemCalls.GroupOf(pid) == group)
            {
                members.Add(pid);
            }
            else if (Read(proc.Number, pid) is { } entry)
            {
                others.Add(entry);
            }
        }

        return (Below([ancestor, .. members], others), members.Count);
    }

    private static List<ProcessEntry> Below(HashSet<int> ancestors, List<ProcessEntry> all)
    {
        all.Sort(static (left, right) => left.Parent.CompareTo(right.Parent));
        var found = new List<ProcessEntry>();
        var pending = new Stack<int>(ancestors);
        var seen = ancestors;
        while (pending.TryPop(out var parent))
        {
            for (var i = FirstChild(all, parent); i < all.Count && all[i].Parent == parent; i++)
            {
                // Read at different moments, the table can show a loop after a PID was reused.
                if (!seen.Add(all[i].Pid))
                {
                    continue;
                }

                pending.Push(all[i].Pid);
                if (all[i].IsAlive)
                {
                    found.Add(all[i]);
                }
            }
        }

        return found;
    }

    /// <summary>
    /// What can be known of a process of ours that /proc does not show: it became another user's where /proc is mounted
    /// with hidepid, or there is no /proc at all. Null if it has ended, or if it is not our child.
    /// </summary>
    internal static ProcessEntry? Unseen(int child) => SystemCalls.IsLivingChild(child)
        ? new(child, System.Environment.ProcessId, SystemCalls.GroupOf(child), SystemCalls.SessionOf(child), 0, true, false, false, "?")
        : null;

    /// <summary>
    /// Our own children, zombies included; much cheaper than the whole table. Complete, since nothing but ourselves
    /// takes a child off the list.
    /// </summary>
    internal static List<int> OwnChildren() =>
        ListChildren("self") // no file of that name: the kernel lacks CONFIG_PROC_CHILDREN
        ?? (IsAvailable
            ? [.. All().Where(process => process.Parent == System.Environment.ProcessId).Select(process => process.Pid)]
            : FindOwnChildren());

    /// <summary>The children of a process, zombies included; of one that forks or is orphaned meanwhile, perhaps not all.</summary>
    internal static List<int> Children(int parent) =>
        ListChildren(parent.ToString(CultureInfo.InvariantCulture))
        ?? [.. All().Where(process => process.Parent == parent).Select(process => process.Pid)];

    /// <summary>The number that a process has in its own PID namespace; null if it is gone.</summary>
    internal static int? NumberInNamespace(int pid) =>
        StatusField(pid, "NSpid:") is [.., var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The user whose it is (<c>proc(5)</c>, the real one of Uid); null if it is gone. The owner of its folder need not be that one.</summary>
    internal static uint? UserOf(int pid) =>
        StatusField(pid, "Uid:") is [_, var real, ..] && uint.TryParse(real, NumberStyles.None, CultureInfo.InvariantCulture, out var user) ? user : null;

    // The words of a line of /proc/PID/status.
    private static string[]? StatusField(int pid, string name)
    {
        var status = Encoding.UTF8.GetString(
            ReadFile(LibC.AT_FDCWD, SystemCalls.Encode($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/status")) ?? []);
        return Array.Find(status.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal))?.Split('\t');
    }

    // A look at every number takes a second; but they are given out in order, so that most of our children's come soon
    // after our own. Those of the rest are looked for when nothing that lives is found there.
    private static List<int> FindOwnChildren()
    {
        var own = System.Environment.ProcessId;
        var near = SystemCalls.FindChildren(own + 1, Math.Min(own + Near, MaxPid));
        return near.Exists(SystemCalls.IsLivingChild) ? near : SystemCalls.FindChildren(2, MaxPid);
    }

    private static List<int>? ListChildren(string process)
    {
        if (Threads($"/proc/{process}") is not { } threads)
        {
            return null;
        }

        var children = new List<int>();
        foreach (var thread in threads)
        {
            if (ReadFile(LibC.AT_FDCWD, SystemCalls.Encode($"{thread}/children")) is not { } text)
            {
                return null;
            }

            foreach (var range in text.AsSpan().Split((byte)' '))
            {
                if (Utf8Parser.TryParse(text.AsSpan()[range], out int pid, out _))
                {
                    children.Add(pid);
                }
            }
        }

        return children;
    }

    private static int FirstChild(List<ProcessEntry> sortedByParent, int parent)
    {
        var (low, high) = (0, sortedByParent.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sortedByParent[middle].Parent < parent)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // Read for each process of the machine, so that nothing is allocated, and nothing asked twice: one read(2) gives all.
    private static ProcessEntry? Read(int directory, int pid)
    {
        Span<byte> path = stackalloc byte[32];
        var length = 0;
        if (directory == LibC.AT_FDCWD)
        {
            "/proc/"u8.CopyTo(path);
            length = "/proc/"u8.Length;
        }

        _ = Utf8Formatter.TryFormat(pid, path[length..], out var digits);
        "/stat\0"u8.CopyTo(path[(length + digits)..]);
        try
        {
            using var file = SystemCalls.OpenAt(directory, path, LibC.O_RDONLY);
            Span<byte> text = stackalloc byte[LongestStat];
            return file is not null && SystemCalls.Read(file, text) is > 0 and var count ? Parse(pid, text[..count]) : null;
        }
        catch (LinuxException exception) when (exception.IsAccess || exception.Error == LibC.ESRCH)
        {
            return null;
        }
    }

    // pid (comm) state ppid pgrp session tty_nr tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime
    // priority nice num_threads itrealvalue starttime …: comm can hold anything, so what follows begins at the last ')'.
    internal static ProcessEntry? Parse(int pid, ReadOnlySpan<byte> stat)
    {
        var open = stat.IndexOf((byte)'(');
        var close = stat.LastIndexOf((byte)')');
        if (open < 0 || close < open || close + 4 > stat.Length)
        {
            return null;
        }

        var state = stat[close + 2];
        Span<ulong> numbers = stackalloc ulong[19]; // from ppid to starttime
        var rest = stat[(close + 4)..];
        for (var i = 0; i < numbers.Length; i++)
        {
            var negative = rest.Length > 0 && rest[0] == '-';
            if (!Utf8Parser.TryParse(negative ? rest[1..] : rest, out numbers[i], out var used))
            {
                return null;
            }

            rest = rest[Math.Min(rest.Length, used + (negative ? 2 : 1))..];
        }

        // The first thread of a process can be a zombie while others run on.
        var isAlive = state is not ((byte)'Z' or (byte)'X') || numbers[16] > 1;
        return new(
            pid,
            (int)numbers[0],
            (int)numbers[1],
            (int)numbers[2],
            numbers[18],
            isAlive,
            state is (byte)'R' or (byte)'D',
            (numbers[5] & KernelThread) != 0,
            Printable.Text(stat[(open + 1)..close]));
    }
}
