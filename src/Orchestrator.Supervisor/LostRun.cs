using System.Text;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// Ends what lives of a run whose supervisor is gone. Its processes are known by the name of the run in the environment
/// that they were started with; one that scrubbed its environment is beyond this.
/// </summary>
internal static class LostRun
{
    /// <summary>First signal, grace period, SIGKILL; returns when none is left, or after the kill wait.</summary>
    /// <returns>Those that survived.</returns>
    internal static List<ProcessEntry> End(string run, Waiter waiter, Options options)
    {
        var found = Find(run);
        if (found.Count == 0)
        {
            return found;
        }

        if (Signal(found, options.Signal, Signals.Cont, waiter, NestedGrace.Limit(options.Grace)))
        {
            found = Find(run);
        }

        while (found.Count > 0 && Signal(found, Signals.Kill, 0, waiter, options.KillWait))
        {
            found = Find(run);
        }

        return Find(run);
    }

    /// <summary>Living processes that carry the name of a run, but ourselves.</summary>
    internal static List<ProcessEntry> Find(string run)
    {
        var text = Encoding.UTF8.GetBytes(run);
        return ProcessTable.All().FindAll(process =>
            process.IsAlive && process.Pid != Environment.ProcessId && ProcessTable.EnvironmentContains(process.Pid, text));
    }

    /// <returns>True if all have ended in time.</returns>
    private static bool Signal(List<ProcessEntry> processes, int signal, int then, Waiter waiter, TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        var open = new List<FileDescriptor>();
        try
        {
            foreach (var process in processes)
            {
                if (SystemCalls.OpenProcess(process.Pid) is { } descriptor)
                {
                    open.Add(descriptor);
                    if (ProcessTable.Find(process.Pid)?.Start == process.Start)
                    {
                        _ = SystemCalls.Signal(descriptor, signal);
                        _ = then > 0 && SystemCalls.Signal(descriptor, then);
                    }
                }
            }

            while (open.Count > 0)
            {
                // One at a time is enough: all must end.
                if (!waiter.Wait(deadline, open[0]))
                {
                    return false;
                }

                if (SystemCalls.HasEnded(open[0]))
                {
                    open[0].Dispose();
                    open.RemoveAt(0);
                }
            }

            return true;
        }
        finally
        {
            open.ForEach(descriptor => descriptor.Dispose());
        }
    }
}
