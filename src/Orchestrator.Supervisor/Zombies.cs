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

        // Zombies that are left do no harm, and to find each child without /proc is slow.
        foreach (var child in ProcessTable.IsAvailable ? ProcessTable.OwnChildren() : [])
        {
            if (child != leader)
            {
                SystemCalls.Reap(child);
            }
        }
    }
}
