using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Kills the processes of a lost run until it is certain that none is left, though it is nobody's parent. A look at /proc
/// that finds none does not say so: what forks and ends while the table is read is in no table, and its child neither. But
/// the kernel hands out process numbers in ascending order and tells the last one, so each number that was given since a
/// look began is looked at as well, until none was given since. Whoever got away then has a child that was looked at. Where
/// others start processes all the time it never comes to that; then fifty looks in a row that find none must do.
/// </summary>
internal sealed class Chase(LostProcesses processes, TimeSpan limit)
{
    private const int CleanLooks = 2; // a fork that began before the first look has its number before the second
    private const int NoisyLooks = 50; // what others start and end all the time makes no look a clean one
    private const int MostRounds = 20;
    private const int WaitForEnd = 20; // ms
    private const int LongestExec = 1000; // ms: who shows no environment for longer has none
    private readonly long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
    private readonly Dictionary<(int Pid, ulong Start), long> unclearSince = [];
    private readonly Dictionary<(int Pid, ulong Start), ProcessEntry> killed = [];
    private List<ProcessEntry> last = [];
    private List<ProcessEntry> hidden = [];
    private bool isClean;
    private bool isFound;

    /// <summary>All that got SIGKILL.</summary>
    internal IReadOnlyCollection<ProcessEntry> Killed => killed.Values;

    /// <summary>Those that may be the run's, and were let live since they may be anybody's.</summary>
    internal IReadOnlyList<ProcessEntry> Hidden => hidden;

    /// <summary>Those that lived at the last look.</summary>
    internal IReadOnlyList<ProcessEntry> Left => last;

    /// <returns>Whether it is certain that none is left; false when the time was over.</returns>
    internal bool KillAll()
    {
        for (int clean = 0, without = 0; clean < CleanLooks && without < NoisyLooks;)
        {
            if (Environment.TickCount64 >= deadline)
            {
                return false;
            }

            var before = killed.Count;
            Look();
            clean = isClean ? clean + 1 : 0;
            without = isFound ? 0 : without + 1;
            if (killed.Count == before && last is [var dying, ..])
            {
                // Nothing new: they only need time to die.
                using var handle = ProcessHandle.Open(dying.Pid, dying.Start);
                _ = handle?.WaitForEnd(WaitForEnd);
            }
        }

        return true;
    }

    private void Look()
    {
        isClean = true;
        isFound = false;
        last = [];
        hidden = [];
        processes.LookAtGroups();
        var seen = ProcessTable.LastNumber();
        foreach (var process in ProcessTable.Each())
        {
            Inspect(process);
        }

        var rounds = 0;
        for (int newest; Environment.TickCount64 < deadline && (newest = ProcessTable.LastNumber()) != seen; seen = newest)
        {
            if (newest < seen || ++rounds > MostRounds)
            {
                isClean = false; // The numbers began again from the lowest, or there is no end of them.
                return;
            }

            for (var number = seen + 1; number <= newest; number++)
            {
                if (ProcessTable.Find(number) is { } process)
                {
                    Inspect(process);
                }
            }
        }
    }

    private void Inspect(ProcessEntry process)
    {
        switch (processes.Belongs(process))
        {
            case Belonging.Yes:
                isClean = false;
                isFound = true;
                Kill(process);
                break;
            case Belonging.Hidden when ProcessTable.IsProcess(process.Pid) && !hidden.Exists(known => known.Pid == process.Pid):
                hidden.Add(process);
                break;
            case Belonging.Unclear:
                var since = unclearSince.GetValueOrDefault((process.Pid, process.Start), Environment.TickCount64);
                unclearSince[(process.Pid, process.Start)] = since;
                isClean &= Environment.TickCount64 - since > LongestExec;
                break;
        }
    }

    private void Kill(ProcessEntry process)
    {
        using var handle = ProcessHandle.Open(process.Pid, process.Start);
        _ = handle?.Signal(Signals.Kill);

        // A thread has a number too, but is killed with its process.
        if (ProcessTable.IsProcess(process.Pid))
        {
            last.Add(process);
            killed.TryAdd((process.Pid, process.Start), process);
        }
    }
}
