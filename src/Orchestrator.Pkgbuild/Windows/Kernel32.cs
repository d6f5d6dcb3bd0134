using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Pkgbuild;

/// <summary>Functions of <c>kernel32.dll</c> for files. With those of <see cref="LinuxFile"/> the only native calls of this library.</summary>
[SupportedOSPlatform("windows")]
internal static partial class Kernel32
{
    internal const int AccessDenied = 5; // ERROR_ACCESS_DENIED
    internal const int SharingViolation = 32; // ERROR_SHARING_VIOLATION

    private const string Library = "kernel32.dll";

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew">CreateFileW</see>.</summary>
    [LibraryImport(Library, EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    internal static partial SafeFileHandle CreateFile(string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileinformationbyhandle">GetFileInformationByHandle</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool GetFileInformationByHandle(SafeFileHandle file, out FileInformation information);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw">MoveFileExW</see>.</summary>
    [LibraryImport(Library, EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool MoveFileEx(string path, string newPath, uint flags);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-createhardlinkw">CreateHardLinkW</see>.</summary>
    [LibraryImport(Library, EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static partial bool CreateHardLink(string path, string existing, nint security);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-lockfileex">LockFileEx</see>.</summary>
    [LibraryImport(Library, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    internal static unsafe partial bool LockFileEx(SafeFileHandle file, uint flags, uint reserved, uint sizeLow, uint sizeHigh, NativeOverlapped* where);

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/fileapi/ns-fileapi-by_handle_file_information">BY_HANDLE_FILE_INFORMATION</see>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileInformation
    {
        internal uint Attributes;
        internal uint CreationLow;
        internal uint CreationHigh;
        internal uint AccessLow;
        internal uint AccessHigh;
        internal uint WriteLow;
        internal uint WriteHigh;
        internal uint Volume;
        internal uint SizeHigh;
        internal uint SizeLow;
        internal uint Links;
        internal uint IndexHigh;
        internal uint IndexLow;
    }
}
