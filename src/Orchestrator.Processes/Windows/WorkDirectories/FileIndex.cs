using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows.WorkDirectories;

/// <summary>The number of a directory on its volume: what an inode is elsewhere.</summary>
[SupportedOSPlatform("windows")]
internal static partial class FileIndex
{
    private const uint ShareAll = 7; // FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE
    private const uint OpenExisting = 3; // OPEN_EXISTING
    private const uint BackupSemantics = 0x02000000; // FILE_FLAG_BACKUP_SEMANTICS: the only way to open a directory

    /// <exception cref="IOException">It cannot be opened.</exception>
    internal static ulong Of(string directory)
    {
        using var handle = CreateFile(directory, 0, ShareAll, 0, OpenExisting, BackupSemantics, 0);
        return !handle.IsInvalid && GetFileInformationByHandle(handle, out var information)
            ? ((ulong)information.IndexHigh << 32) | information.IndexLow
            : throw new IOException(new Win32Exception().Message);
    }

    [LibraryImport("kernel32.dll", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial SafeFileHandle CreateFile(string name, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    // https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getfileinformationbyhandle
    [LibraryImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetFileInformationByHandle(SafeFileHandle file, out Information information);

    // BY_HANDLE_FILE_INFORMATION
    [StructLayout(LayoutKind.Sequential)]
    private struct Information
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
