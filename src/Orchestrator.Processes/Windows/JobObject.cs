using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>
/// A Job Object (<see href="https://learn.microsoft.com/windows/win32/procthread/job-objects">Job Objects</see>) that holds
/// every process of a run. Whatever one of them starts is in it too: breaking away is not allowed. It is ours alone, so that
/// the kernel ends all of them when we end, however that happens.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class JobObject : IDisposable
{
    private const JobLimitFlags Limits = JobLimitFlags.KillOnJobClose | JobLimitFlags.DieOnUnhandledException;

    private JobObject(SafeJobHandle handle) => Handle = handle;

    /// <summary>For <c>PROC_THREAD_ATTRIBUTE_JOB_LIST</c>. Nobody else may have it: a second handle would outlive us.</summary>
    internal SafeJobHandle Handle { get; }

    /// <summary>How many processes are in it.</summary>
    internal int ActiveProcesses => (int)Query<JobAccounting>(JobInformation.Accounting).ActiveProcesses;

    /// <summary>User and system time of all that were ever in it.</summary>
    internal TimeSpan CpuTime
    {
        get
        {
            var accounting = Query<JobAccounting>(JobInformation.Accounting);
            return new(accounting.TotalUserTime + accounting.TotalKernelTime); // both count 100 ns
        }
    }

    /// <summary>The most memory that one process of it had committed, in bytes.</summary>
    internal long PeakProcessMemory => (long)Query<JobLimits>(JobInformation.ExtendedLimits).PeakProcessMemoryUsed;

    /// <exception cref="Win32Exception">The system has no memory for one.</exception>
    internal static JobObject Create()
    {
        var job = new JobObject(Kernel32.CreateJobObject(0, 0));
        if (job.Handle.IsInvalid)
        {
            throw new Win32Exception();
        }

        job.SetLimits(Limits);
        return job;
    }

    /// <summary>Has its messages sent to a port; only what happens from now on is told.</summary>
    internal void ReportTo(CompletionPort port) =>
        Set(JobInformation.CompletionPort, new JobCompletionPort { Key = CompletionPort.JobKey, Port = port.Handle.DangerousGetHandle() });

    /// <summary>Lets go of its processes: they outlive the job. The one thing that undoes the kernel's promise.</summary>
    internal void Release() => SetLimits(JobLimitFlags.None);

    /// <summary>Ends all of its processes at once.</summary>
    /// <param name="exitCode">Of each of them.</param>
    internal void Terminate(uint exitCode)
    {
        if (!Kernel32.TerminateJobObject(Handle, exitCode))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Puts a process into it that is not, where it was to be created in it.</summary>
    internal void Assign(SafeProcessHandle process)
    {
        if (!Contains(process) && !Kernel32.AssignProcessToJobObject(Handle, process))
        {
            throw new Win32Exception();
        }
    }

    /// <summary>Whether a process is in it.</summary>
    internal bool Contains(SafeProcessHandle process) => Kernel32.IsProcessInJob(process, Handle, out var isIn) && isIn;

    /// <summary>PIDs of its processes.</summary>
    internal unsafe IReadOnlyList<int> ProcessIds()
    {
        // JOBOBJECT_BASIC_PROCESS_ID_LIST: how many there are, how many are listed, and the list.
        for (var room = Math.Max(64, ActiveProcesses * 2); ; room *= 2)
        {
            var list = new nuint[room + 1];
            fixed (nuint* start = list)
            {
                if (Kernel32.QueryInformationJobObject(Handle, JobInformation.ProcessIds, start, list.Length * sizeof(nuint), null))
                {
                    var counts = (uint*)start;
                    return [.. list.AsSpan(1, (int)Math.Min(counts[1], (uint)room)).ToArray().Select(id => (int)id)];
                }
            }

            const int MoreData = 234; // ERROR_MORE_DATA
            if (Marshal.GetLastPInvokeError() != MoreData)
            {
                throw new Win32Exception();
            }
        }
    }

    public void Dispose() => Handle.Dispose();

    private void SetLimits(JobLimitFlags flags) => Set(JobInformation.ExtendedLimits, new JobLimits { Flags = flags });

    private unsafe void Set<T>(JobInformation kind, T value)
        where T : unmanaged
    {
        if (!Kernel32.SetInformationJobObject(Handle, kind, &value, sizeof(T)))
        {
            throw new Win32Exception();
        }
    }

    private unsafe T Query<T>(JobInformation kind)
        where T : unmanaged
    {
        T value;
        return Kernel32.QueryInformationJobObject(Handle, kind, &value, sizeof(T), null) ? value : throw new Win32Exception();
    }
}
