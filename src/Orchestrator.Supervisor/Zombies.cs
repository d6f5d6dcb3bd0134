using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Takes the exit statuses of adopted processes.</summary>
internal static class Zombies
{
    /// <summary>
    /// Reaps every child that has ended but one, which stays a zombie so that its PID, and the group of the same number,
    /// cannot become somebody else's.
    /// </summary>
    internal static void ReapAllBut(int leader)
    {
        // The usual case is that only the leader is there, and that costs no look into /proc.
        if (SystemCalls.PeekExit(leader) is null)
        {
            SystemCalls.ReapWhileNot(leader);
            return;
        }

        foreach (var child in ProcessTable.OwnChildren() ?? [.. ProcessTable.All().Where(IsOurs).Select(process => process.Pid)])
        {
            if (child != leader)
            {
                SystemCalls.Reap(child);
            }
        }

        static bool IsOurs(ProcessEntry process) => process.Parent == Environment.ProcessId;
    }
}
