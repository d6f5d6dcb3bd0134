using System.Runtime.InteropServices;

namespace Orchestrator.Processes.Windows;

/// <summary>Consoles, and the events that they pass on.</summary>
internal static partial class Kernel32
{
    internal const uint CtrlBreakEvent = 1; // CTRL_BREAK_EVENT

    /// <summary><see href="https://learn.microsoft.com/windows/console/generateconsolectrlevent">GenerateConsoleCtrlEvent</see>: to the processes of a group that share our console.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GenerateConsoleCtrlEvent(uint controlEvent, int processGroupId);

    /// <summary><see href="https://learn.microsoft.com/windows/console/attachconsole">AttachConsole</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool AttachConsole(int processId);

    /// <summary><see href="https://learn.microsoft.com/windows/console/freeconsole">FreeConsole</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool FreeConsole();

    /// <summary><see href="https://learn.microsoft.com/windows/console/getconsoleprocesslist">GetConsoleProcessList</see>: how many processes share our console; 0 if we have none.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static unsafe partial uint GetConsoleProcessList(uint* processIds, uint count);

    /// <summary><see href="https://learn.microsoft.com/windows/console/getstdhandle">GetStdHandle</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial nint GetStdHandle(int standardHandle);

    /// <summary><see href="https://learn.microsoft.com/windows/console/setstdhandle">SetStdHandle</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool SetStdHandle(int standardHandle, nint handle);
}
