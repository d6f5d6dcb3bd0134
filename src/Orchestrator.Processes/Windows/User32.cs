using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>Functions of <c>user32.dll</c>: windows, which can be asked to close.</summary>
[SupportedOSPlatform("windows")]
internal static partial class User32
{
    internal const uint CloseMessage = 0x10; // WM_CLOSE

    private const string Library = "user32.dll";

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-enumwindows">EnumWindows</see>: every top-level window of our desktop.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool EnumWindows(delegate* unmanaged<nint, nint, int> callback, nint parameter);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getwindowthreadprocessid">GetWindowThreadProcessId</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial uint GetWindowThreadProcessId(nint window, out uint processId);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-postmessagew">PostMessageW</see>: does not wait for an answer.</summary>
    [LibraryImport(Library, EntryPoint = "PostMessageW", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool PostMessage(nint window, uint message, nuint first, nint second);
}
