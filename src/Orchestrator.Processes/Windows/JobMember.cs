using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>A process that is in a job.</summary>
/// <param name="Id">Its PID.</param>
/// <param name="Name">File name of its program, without <c>.exe</c>; <c>?</c> if it may not be known.</param>
[SupportedOSPlatform("windows")]
internal sealed record JobMember(int Id, string Name)
{
    // The half of a console that lives in user mode. It belongs to the processes of that console, and ends with the last one.
    private const string ConsoleHost = "conhost";

    /// <summary>Whether it is something that a command started, or only what the system needs for it.</summary>
    internal bool IsOfCommand => !Name.Equals(ConsoleHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The members of a job that are alive.</summary>
    internal static IReadOnlyList<JobMember> Of(JobObject job) => [.. job.ProcessIds().Select(id => Find(job, id)).OfType<JobMember>()];

    /// <summary>Ends it; nothing if it has ended, or if its PID is another's by now.</summary>
    internal void Terminate(JobObject job, uint exitCode)
    {
        using var process = Kernel32.OpenProcess(ProcessAccess.Terminate | ProcessAccess.QueryAll, inheritHandle: false, Id);
        _ = !process.IsInvalid && job.Contains(process) && Kernel32.TerminateProcess(process, exitCode);
    }

    // Null if it has ended meanwhile.
    private static JobMember? Find(JobObject job, int id)
    {
        using var process = Kernel32.OpenProcess(ProcessAccess.QueryAll | ProcessAccess.Synchronize, inheritHandle: false, id);
        if (process.IsInvalid)
        {
            // One that may not be opened is no less a member.
            return Marshal.GetLastPInvokeError() == Kernel32.AccessDenied ? new(id, "?") : null;
        }

        return job.Contains(process) && Kernel32.WaitForSingleObject(process, 0) != 0 ? new(id, NameOf(process)) : null;
    }

    /// <summary>File name of a process's program, without <c>.exe</c>; <c>?</c> if it may not be known.</summary>
    internal static unsafe string NameOf(SafeProcessHandle process)
    {
        const int Room = 32_768; // longer than any path
        var name = new char[Room];
        var length = (uint)Room;
        fixed (char* start = name)
        {
            return Kernel32.QueryFullProcessImageName(process, 0, start, ref length) ? Path.GetFileNameWithoutExtension(new string(name, 0, (int)length)) : "?";
        }
    }
}
