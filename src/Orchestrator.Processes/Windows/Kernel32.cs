using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Functions of <c>kernel32.dll</c> for handles, processes and time; those for jobs and consoles are in files of their own.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Kernel32
{
    internal const int AccessDenied = 5; // ERROR_ACCESS_DENIED
    internal const int FileNotFound = 2; // ERROR_FILE_NOT_FOUND
    internal const int PathNotFound = 3; // ERROR_PATH_NOT_FOUND
    internal const int BadExeFormat = 193; // ERROR_BAD_EXE_FORMAT
    internal const int DirectoryName = 267; // ERROR_DIRECTORY: the name of the working directory is wrong
    internal const int ElevationRequired = 740; // ERROR_ELEVATION_REQUIRED

    internal const uint Infinite = uint.MaxValue; // INFINITE
    internal const uint SameAccess = 2; // DUPLICATE_SAME_ACCESS

    private const string Library = "kernel32.dll";

    /// <summary>
    /// <see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw">CreateProcessW</see>.
    /// The command line is written to, so it must not be a string of .NET's own.
    /// </summary>
    [LibraryImport(Library, EntryPoint = "CreateProcessW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool CreateProcess(
        char* applicationName,
        char* commandLine,
        nint processAttributes,
        nint threadAttributes,
        [MarshalAs(UnmanagedType.Bool)] bool inheritHandles,
        CreationFlags creationFlags,
        char* environment,
        char* currentDirectory,
        StartupInfoEx* startupInfo,
        ProcessInformation* processInformation);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-initializeprocthreadattributelist">InitializeProcThreadAttributeList</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool InitializeProcThreadAttributeList(nint attributeList, int attributeCount, int flags, ref nuint size);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-updateprocthreadattribute">UpdateProcThreadAttribute</see>. The value is read when the process is created.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool UpdateProcThreadAttribute(nint attributeList, int flags, nuint attribute, nint value, nuint size, nint previousValue, nint returnSize);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-deleteprocthreadattributelist">DeleteProcThreadAttributeList</see>.</summary>
    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial void DeleteProcThreadAttributeList(nint attributeList);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess">OpenProcess</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial SafeProcessHandle OpenProcess(ProcessAccess access, [MarshalAs(UnmanagedType.Bool)] bool inheritHandle, int processId);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-terminateprocess">TerminateProcess</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool TerminateProcess(SafeProcessHandle process, uint exitCode);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getexitcodeprocess">GetExitCodeProcess</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetExitCodeProcess(SafeProcessHandle process, out uint exitCode);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getprocesstimes">GetProcessTimes</see>; all in units of 100 ns.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetProcessTimes(SafeProcessHandle process, out long creation, out long exit, out long kernel, out long user);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-queryfullprocessimagenamew">QueryFullProcessImageNameW</see>.</summary>
    [LibraryImport(Library, EntryPoint = "QueryFullProcessImageNameW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool QueryFullProcessImageName(SafeProcessHandle process, uint flags, char* name, ref uint size);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitforsingleobject">WaitForSingleObject</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint WaitForSingleObject(SafeHandle handle, uint milliseconds);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle">DuplicateHandle</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool DuplicateHandle(
        nint sourceProcess, nint source, nint targetProcess, out SafeFileHandle target, uint access, [MarshalAs(UnmanagedType.Bool)] bool inheritHandle, uint options);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle">DuplicateHandle</see>, of a process, to wait for its end.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool DuplicateHandle(
        nint sourceProcess, SafeProcessHandle source, nint targetProcess, out SafeWaitHandle target, uint access, [MarshalAs(UnmanagedType.Bool)] bool inheritHandle, uint options);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getcurrentprocess">GetCurrentProcess</see>: a number that means the caller, not to be closed.</summary>
    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial nint GetCurrentProcess();

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-closehandle">CloseHandle</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CloseHandle(nint handle);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew">CreateFileW</see>.</summary>
    [LibraryImport(Library, EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial SafeFileHandle CreateFile(string name, uint access, uint shareMode, ref SecurityAttributes security, uint disposition, uint flags, nint template);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-peeknamedpipe">PeekNamedPipe</see>: how many bytes can be read without waiting.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PeekNamedPipe(SafeHandle pipe, nint buffer, uint bufferSize, nint bytesRead, out uint available, nint leftInMessage);
}

/// <summary>Bits of <c>dwCreationFlags</c> (<see href="https://learn.microsoft.com/windows/win32/procthread/process-creation-flags">process creation flags</see>).</summary>
[Flags]
internal enum CreationFlags : uint
{
    /// <summary>CREATE_SUSPENDED.</summary>
    Suspended = 0x4,

    /// <summary>CREATE_NEW_PROCESS_GROUP: the PID is also the number of a group that gets CTRL_BREAK.</summary>
    NewProcessGroup = 0x200,

    /// <summary>CREATE_UNICODE_ENVIRONMENT.</summary>
    UnicodeEnvironment = 0x400,

    /// <summary>EXTENDED_STARTUPINFO_PRESENT.</summary>
    ExtendedStartupInfo = 0x80000,

    /// <summary>CREATE_NO_WINDOW: a console of its own, without a window.</summary>
    NoWindow = 0x8000000,
}

/// <summary>What a process handle may be used for (<see href="https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights">access rights</see>).</summary>
[Flags]
internal enum ProcessAccess : uint
{
    /// <summary>PROCESS_TERMINATE.</summary>
    Terminate = 0x1,

    /// <summary>PROCESS_QUERY_INFORMATION: for <see cref="Kernel32.IsProcessInJob"/> the limited right is enough on Windows, but not in wine.</summary>
    QueryAll = 0x400,

    /// <summary>PROCESS_QUERY_LIMITED_INFORMATION.</summary>
    Query = 0x1000,

    /// <summary>SYNCHRONIZE.</summary>
    Synchronize = 0x100000,
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-startupinfow">STARTUPINFOW</see> and the attribute list of STARTUPINFOEXW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StartupInfoEx
{
    internal int Size;
    internal nint Reserved;
    internal nint Desktop;
    internal nint Title;
    internal int X;
    internal int Y;
    internal int Width;
    internal int Height;
    internal int CharactersX;
    internal int CharactersY;
    internal int FillAttribute;
    internal int Flags;
    internal short ShowWindow;
    internal short Reserved2Size;
    internal nint Reserved2;
    internal nint StandardInput;
    internal nint StandardOutput;
    internal nint StandardError;
    internal nint AttributeList;
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/ns-processthreadsapi-process_information">PROCESS_INFORMATION</see>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessInformation
{
    internal nint Process;
    internal nint Thread;
    internal int ProcessId;
    internal int ThreadId;
}

/// <summary><see href="https://learn.microsoft.com/windows/win32/api/wtypesbase/ns-wtypesbase-security_attributes">SECURITY_ATTRIBUTES</see>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SecurityAttributes
{
    internal int Size;
    internal nint Descriptor;
    internal int InheritHandle;
}
