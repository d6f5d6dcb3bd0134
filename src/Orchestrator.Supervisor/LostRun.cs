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
    /// <param name="since">When that supervisor started, or just before, as in <c>/proc/PID/stat</c>; 0 if it is not known.</param>
    /// <param name="grace">From SIGTERM to SIGKILL.</param>
    /// <param name="killWait">How long to wait for the end of what got SIGKILL.</param>
    /// <exception cref="LinuxException">There is no /proc to look in.</exception>
    internal static LostRunEnd End(string run, int session, ulong since, TimeSpan grace, TimeSpan killWait)
    {
        // The last part is the run's own; a name that is none must not match everything.
        var name = run[(run.LastIndexOf('/') + 1)..];
        return RunId.IsValid(name) ? End(name, session, since, ControlGroup.Lost(everywhere: false), grace, killWait) : new([], [], [], true);
    }

    /// <summary>The same for what is in control groups whose supervisors are gone, wherever they are.</summary>
    internal static LostRunEnd EndControlGroups(TimeSpan grace, TimeSpan killWait) =>
        End(null, 0, 0, ControlGroup.Lost(everywhere: true), grace, killWait);

    private static LostRunEnd End(string? name, int session, ulong since, List<ControlGroup> groups, TimeSpan grace, TimeSpan killWait)
    {
        try
        {
            if (!ProcessTable.IsAvailable)
            {
                throw new LinuxException("cannot look for processes of a lost run: open /proc", LibC.ENOENT);
            }

            var processes = new LostProcesses(name, session, since, groups);
            var first = processes.Find();
            Terminate(first, grace);
            processes.KillGroups();
            var chase = new Chase(processes, killWait);
            var isCertain = chase.KillAll();
            return new([.. first.Union(chase.Killed)], [.. chase.Left], chase.Hidden, isCertain);
        }
        finally
        {
            foreach (var group in groups)
            {
                group.Remove();
                group.Dispose();
            }
        }
    }

    /// <summary>SIGTERM, and time to end.</summary>
    private static void Terminate(List<ProcessEntry> processes, TimeSpan grace)
    {
        var deadline = Environment.TickCount64 + (long)grace.TotalMilliseconds;
        var open = new List<ProcessHandle>();
        try
        {
            foreach (var process in processes)
            {
                if (ProcessHandle.Open(process.Pid, process.Start) is { } handle)
                {
                    open.Add(handle);
                    _ = handle.Signal(Signals.Term) && handle.Signal(Signals.Cont);
                }
            }

            // One at a time is enough: all must end.
            _ = open.TrueForAll(handle => handle.WaitForEnd((int)Math.Max(0, deadline - Environment.TickCount64)));
        }
        finally
        {
            open.ForEach(handle => handle.Dispose());
        }
    }
}

/// <summary>What became of a lost run.</summary>
/// <param name="Found">All of it that was found alive.</param>
/// <param name="Survivors">Those that outlived SIGKILL.</param>
/// <param name="Hidden">Those that may be of it, and were let live since they may be anybody's.</param>
/// <param name="IsCertain">
/// Whether there is nothing else; false when processes were started so fast, for as long as there was time, that some can
/// have got away unseen.
/// </param>
internal sealed record LostRunEnd(IReadOnlyList<ProcessEntry> Found, IReadOnlyList<ProcessEntry> Survivors, IReadOnlyList<ProcessEntry> Hidden, bool IsCertain)
{
    /// <summary>Whether nothing of it is left, for certain.</summary>
    internal bool IsEmpty => IsCertain && Survivors.Count == 0 && Hidden.Count == 0;

    /// <summary>What is wrong, a line each; none if <see cref="IsEmpty"/>.</summary>
    internal IEnumerable<string> Problems =>
    [
        .. Survivors.Select(survivor => $"{survivor.Pid} ({survivor.Name}) outlived SIGKILL"),
        .. Hidden.Select(hidden => $"{hidden.Pid} ({hidden.Name}) was started since and hides its environment: whether it is of the run cannot be told, and it was let live"),
        .. Survivors.Count == 0 && !IsCertain ? ["processes were started so fast that some of the run can still be there, unseen"] : Array.Empty<string>(),
    ];
}
