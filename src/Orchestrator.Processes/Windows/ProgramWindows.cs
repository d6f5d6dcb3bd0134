using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>Asks programs that have windows to end: WM_CLOSE (<see href="https://learn.microsoft.com/windows/win32/winmsg/wm-close">WM_CLOSE</see>).</summary>
[SupportedOSPlatform("windows")]
internal static class ProgramWindows
{
    /// <summary>Sends it to every top-level window of some processes.</summary>
    /// <param name="processIds">PIDs.</param>
    /// <returns>PIDs of those that had one.</returns>
    internal static unsafe IReadOnlySet<int> Close(IEnumerable<int> processIds)
    {
        var search = new Search([.. processIds], []);
        var self = GCHandle.Alloc(search);
        try
        {
            _ = User32.EnumWindows(&Visit, GCHandle.ToIntPtr(self));
        }
        finally
        {
            self.Free();
        }

        return search.Asked;
    }

    [UnmanagedCallersOnly]
    private static int Visit(nint window, nint parameter)
    {
        var search = (Search)GCHandle.FromIntPtr(parameter).Target!;
        _ = User32.GetWindowThreadProcessId(window, out var owner);
        if (search.Wanted.Contains((int)owner) && User32.PostMessage(window, User32.CloseMessage, 0, 0))
        {
            search.Asked.Add((int)owner);
        }

        return 1; // go on
    }

    private sealed record Search(HashSet<int> Wanted, HashSet<int> Asked);
}
