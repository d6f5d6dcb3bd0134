using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Ends what lives of a run whose supervisor is gone. Its processes are known by the name of the run in the environment
/// that they were started with, by the session that the supervisor led, and by a control group whose supervisor is gone;
/// what changed the first two, and was in no control group, is beyond this.
/// </summary>
internal static class LostRun
{
    /// <summary>SIGTERM, grace period, SIGKILL; returns when none is left, or after the kill wait. Blocks meanwhile.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="session">Session of the supervisor that died a moment ago; 0 if it is not known. While it has a member its number cannot be another's.</param>
    /// <param name="grace">From SIGTERM to SIGKILL.</param>
    /// <param name="killWait">How long to wait for the end of what got SIGKILL.</param>
    /// <returns>All that were found alive, and those of them that survived.</returns>
    /// <exception cref="LinuxException">There is no /proc to look in.</exception>
    internal static (IReadOnlyList<ProcessEntry> Found, IReadOnlyList<ProcessEntry> Survivors) End(string run, int session, TimeSpan grace, TimeSpan killWait)
    {
        // The last part is the run's own; a name that is none must not match everything.
        var name = run[(run.LastIndexOf('/') + 1)..];
        return RunId.IsValid(name)
            ? End(
                process => (session > 1 && process.Session == session) || RunId.IsIn(ProcessTable.Environment(process.Pid), name),
                ControlGroup.Lost(everywhere: false),
                grace,
                killWait)
            : ([], []);
    }

    /// <summary>The same for what is in control groups whose supervisors are gone, wherever they are.</summary>
    internal static (IReadOnlyList<ProcessEntry> Found, IReadOnlyList<ProcessEntry> Survivors) EndControlGroups(TimeSpan grace, TimeSpan killWait) =>
        End(_ => false, ControlGroup.Lost(everywhere: true), grace, killWait);

    private static (IReadOnlyList<ProcessEntry> Found, IReadOnlyList<ProcessEntry> Survivors) End(
        Func<ProcessEntry, bool> belongs, List<ControlGroup> groups, TimeSpan grace, TimeSpan killWait)
    {
        try
        {
            if (!ProcessTable.IsAvailable)
            {
                throw new LinuxException("cannot look for processes of a lost run: open /proc", LibC.ENOENT);
            }

            var first = Find();
            if (first.Count == 0)
            {
                return (first, first);
            }

            _ = Signal(first, Signals.Term, Signals.Cont, grace);
            var left = Find();
            groups.ForEach(group => group.Kill());
            while (left.Count > 0 && Signal(left, Signals.Kill, 0, killWait))
            {
                left = Find();
            }

            return (first, left.Count == 0 ? left : Find());
        }
        finally
        {
            foreach (var group in groups)
            {
                group.Remove();
                group.Dispose();
            }
        }

        List<ProcessEntry> Find()
        {
            var inGroups = groups.SelectMany(group => group.Processes()).ToHashSet();
            return ProcessTable.All().FindAll(process => process.IsAlive
                && process.Pid > 1
                && process.Pid != Environment.ProcessId
                && (inGroups.Contains(process.Pid) || belongs(process)));
        }
    }

    /// <returns>True if all have ended in time.</returns>
    private static bool Signal(List<ProcessEntry> processes, int signal, int then, TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        var open = new List<ProcessHandle>();
        try
        {
            foreach (var process in processes)
            {
                if (ProcessHandle.Open(process.Pid, process.Start) is { } handle)
                {
                    open.Add(handle);
                    _ = handle.Signal(signal) && then > 0 && handle.Signal(then);
                }
            }

            // One at a time is enough: all must end.
            while (open.Count > 0)
            {
                if (!open[0].WaitForEnd((int)Math.Max(0, deadline - Environment.TickCount64)))
                {
                    return false;
                }

                open[0].Dispose();
                open.RemoveAt(0);
            }

            return true;
        }
        finally
        {
            open.ForEach(handle => handle.Dispose());
        }
    }
}
