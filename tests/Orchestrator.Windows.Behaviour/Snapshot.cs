using System.Runtime.InteropServices;

namespace Orchestrator.Testing;

/// <summary>All processes of the system at one moment (<see href="https://learn.microsoft.com/windows/win32/api/tlhelp32/nf-tlhelp32-createtoolhelp32snapshot">CreateToolhelp32Snapshot</see>).</summary>
internal static partial class Snapshot
{
    private const uint Processes = 2; // TH32CS_SNAPPROCESS

    /// <summary>PID and file name of each.</summary>
    internal static unsafe IReadOnlyList<(int Id, string Name)> Take()
    {
        var found = new List<(int, string)>();
        var snapshot = CreateToolhelp32Snapshot(Processes, 0);
        var entry = new Entry { Size = (uint)sizeof(Entry) };
        for (var more = Process32First(snapshot, &entry); more; more = Process32Next(snapshot, &entry))
        {
            found.Add(((int)entry.Id, new string(entry.File)));
        }

        CloseHandle(snapshot);
        return found;
    }

    /// <summary>Ends a process by its PID, as nobody else does (<see href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-terminateprocess">TerminateProcess</see>).</summary>
    internal static void Terminate(int id)
    {
        var process = OpenProcess(1, 0, (uint)id); // PROCESS_TERMINATE
        TerminateProcess(process, 1);
        CloseHandle(process);
    }

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint CreateToolhelp32Snapshot(uint what, uint process);

    [LibraryImport("kernel32.dll", EntryPoint = "Process32FirstW")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool Process32First(nint snapshot, Entry* entry);

    [LibraryImport("kernel32.dll", EntryPoint = "Process32NextW")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool Process32Next(nint snapshot, Entry* entry);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint OpenProcess(uint access, int inherit, uint id);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int TerminateProcess(nint process, uint exitCode);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int CloseHandle(nint handle);

    // PROCESSENTRY32W
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Entry
    {
        internal uint Size;
        internal uint Usage;
        internal uint Id;
        internal nuint Heap;
        internal uint Module;
        internal uint Threads;
        internal uint Parent;
        internal int Priority;
        internal uint Flags;
        internal fixed char File[260];
    }
}
