using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Job Objects and the completion ports that they report to.</summary>
internal static partial class Kernel32
{
    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-createjobobjectw">CreateJobObjectW</see>, without a name.</summary>
    [LibraryImport(Library, EntryPoint = "CreateJobObjectW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial SafeJobHandle CreateJobObject(nint security, nint name);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-setinformationjobobject">SetInformationJobObject</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool SetInformationJobObject(SafeJobHandle job, JobInformation kind, void* information, int size);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-queryinformationjobobject">QueryInformationJobObject</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool QueryInformationJobObject(SafeJobHandle job, JobInformation kind, void* information, int size, int* returned);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-assignprocesstojobobject">AssignProcessToJobObject</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool AssignProcessToJobObject(SafeJobHandle job, SafeProcessHandle process);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi/nf-jobapi-isprocessinjob">IsProcessInJob</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool IsProcessInJob(SafeProcessHandle process, SafeJobHandle job, [MarshalAs(UnmanagedType.Bool)] out bool result);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/jobapi2/nf-jobapi2-terminatejobobject">TerminateJobObject</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool TerminateJobObject(SafeJobHandle job, uint exitCode);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/fileio/createiocompletionport">CreateIoCompletionPort</see>, for a port of its own.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial SafePortHandle CreateIoCompletionPort(nint file, nint existingPort, nuint key, uint threads);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-getqueuedcompletionstatus">GetQueuedCompletionStatus</see>. Of a job: the message is in <paramref name="bytes"/>, the PID in <paramref name="overlapped"/>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetQueuedCompletionStatus(SafePortHandle port, out uint bytes, out nuint key, out nint overlapped, uint milliseconds);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/fileio/postqueuedcompletionstatus">PostQueuedCompletionStatus</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PostQueuedCompletionStatus(SafePortHandle port, uint bytes, nuint key, nint overlapped);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-resumethread">ResumeThread</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint ResumeThread(nint thread);
}

/// <summary>Values of <c>JOBOBJECTINFOCLASS</c> (<c>winnt.h</c>).</summary>
internal enum JobInformation
{
    /// <summary>JobObjectBasicAccountingInformation.</summary>
    Accounting = 1,

    /// <summary>JobObjectBasicProcessIdList.</summary>
    ProcessIds = 3,

    /// <summary>JobObjectAssociateCompletionPortInformation.</summary>
    CompletionPort = 7,

    /// <summary>JobObjectExtendedLimitInformation.</summary>
    ExtendedLimits = 9,
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_accounting_information">JOBOBJECT_BASIC_ACCOUNTING_INFORMATION</see>; times in units of 100 ns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobAccounting
{
    internal long TotalUserTime;
    internal long TotalKernelTime;
    internal long ThisPeriodTotalUserTime;
    internal long ThisPeriodTotalKernelTime;
    internal uint TotalPageFaultCount;
    internal uint TotalProcesses;
    internal uint ActiveProcesses;
    internal uint TotalTerminatedProcesses;
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_extended_limit_information">JOBOBJECT_EXTENDED_LIMIT_INFORMATION</see>, the basic limits and I/O counters in place; sizes in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobLimits
{
    internal long PerProcessUserTimeLimit;
    internal long PerJobUserTimeLimit;
    internal JobLimitFlags Flags;
    internal nuint MinimumWorkingSetSize;
    internal nuint MaximumWorkingSetSize;
    internal uint ActiveProcessLimit;
    internal nuint Affinity;
    internal uint PriorityClass;
    internal uint SchedulingClass;
    internal ulong ReadOperations;
    internal ulong WriteOperations;
    internal ulong OtherOperations;
    internal ulong ReadBytes;
    internal ulong WriteBytes;
    internal ulong OtherBytes;
    internal nuint ProcessMemoryLimit;
    internal nuint JobMemoryLimit;
    internal nuint PeakProcessMemoryUsed;
    internal nuint PeakJobMemoryUsed;
}

/// <summary>Bits of <c>LimitFlags</c> (<see href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_limit_information">JOBOBJECT_BASIC_LIMIT_INFORMATION</see>).</summary>
[Flags]
internal enum JobLimitFlags : uint
{
    /// <summary>No limit.</summary>
    None = 0,

    /// <summary>JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION: no dialog box that waits for somebody to click it.</summary>
    DieOnUnhandledException = 0x400,

    /// <summary>JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE: the end of the last handle is the end of every process.</summary>
    KillOnJobClose = 0x2000,
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_associate_completion_port">JOBOBJECT_ASSOCIATE_COMPLETION_PORT</see>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobCompletionPort
{
    internal nuint Key;
    internal nint Port;
}
