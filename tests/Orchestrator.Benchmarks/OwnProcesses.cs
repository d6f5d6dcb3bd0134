using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Benchmarks;

/// <summary>The processes between an owner and a command: the supervisor; at level <c>namespace</c> unshare(1) and init, too.</summary>
internal sealed class OwnProcesses
{
    private readonly IReadOnlyList<int> pids;

    private OwnProcesses(IReadOnlyList<int> pids) => this.pids = pids;

    /// <summary>Their names, as in /proc.</summary>
    internal string Names => string.Join(", ", pids.Select(Name));

    /// <summary>Resident memory of the first, the supervisor, in bytes.</summary>
    internal long Resident => Status($"/proc/{pids[0]}/status")["VmRSS"] * 1024;

    /// <summary>What all of them have for themselves, in bytes.</summary>
    internal long NotShared => pids.Sum(pid => Status($"/proc/{pid}/status")["RssAnon"] * 1024);

    /// <summary>What they have computed since they started: schedstat, which counts nanoseconds where stat counts ticks.</summary>
    internal TimeSpan CpuTime => TimeSpan.FromMicroseconds(
        pids.SelectMany(Threads).Sum(thread => long.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture)) / 1000);

    /// <summary>A supervisor, and what is of ours below it.</summary>
    internal static OwnProcesses From(int supervisor)
    {
        var pids = new List<int> { supervisor };
        // exe: the managed program, which starts itself once more.
        while (Signal.Children(pids[^1]) is [var child] && Name(child) is "unshare" or "orchestrator-su" or "exe")
        {
            pids.Add(child);
        }

        return new(pids);
    }

    /// <summary>How often each thread of all of them has given up a processor, or lost it: it was awake before.</summary>
    internal Dictionary<string, long> Switches()
    {
        var switches = new Dictionary<string, long>();
        foreach (var thread in pids.SelectMany(Threads))
        {
            try
            {
                var status = Status(Path.Combine(thread, "status"));
                switches.Add(thread, status["voluntary_ctxt_switches"] + status["nonvoluntary_ctxt_switches"]);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // The managed runtime lets idle threads go; this one went as we looked.
            }
        }

        return switches;
    }

    /// <summary>How many there were since an earlier look.</summary>
    internal long SwitchesSince(Dictionary<string, long> before) =>
        Switches().Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key));

    private static string Name(int pid) => File.ReadAllText($"/proc/{pid}/comm").TrimEnd();

    private static string[] Threads(int pid) => Directory.GetDirectories($"/proc/{pid}/task");

    // "VmRSS:      3012 kB" (proc(5)); lines without a number are of no interest.
    private static Dictionary<string, long> Status(string path)
    {
        var fields = new Dictionary<string, long>();
        foreach (var line in File.ReadLines(path))
        {
            var parts = line.Split(':', 2);
            if (long.TryParse(parts[1].Replace(" kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var value))
            {
                fields[parts[0]] = value;
            }
        }

        return fields;
    }
}
