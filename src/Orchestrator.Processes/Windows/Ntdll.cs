using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>What <c>ntdll.dll</c> and <c>shell32.dll</c> say of other processes; nothing else does.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class Ntdll
{
    private const int BasicInformation = 0; // ProcessBasicInformation
    private const int CommandLineInformation = 60; // ProcessCommandLineInformation, since Windows 8.1

    /// <summary>PID of the process that started one, which may have ended since; null if it cannot be known.</summary>
    internal static int? ParentOf(SafeProcessHandle process)
    {
        Basic basic;
        return NtQueryInformationProcess(process, BasicInformation, &basic, (uint)sizeof(Basic), out _) == 0 ? (int)basic.InheritedFrom : null;
    }

    /// <summary>The arguments of a process, with its program as the first one; empty if they cannot be known.</summary>
    internal static IReadOnlyList<string> ArgumentsOf(SafeProcessHandle process)
    {
        _ = NtQueryInformationProcess(process, CommandLineInformation, null, 0, out var size);
        var buffer = new byte[size];
        fixed (byte* bytes = buffer)
        {
            if (size < sizeof(UnicodeString) || NtQueryInformationProcess(process, CommandLineInformation, bytes, size, out _) != 0)
            {
                return [];
            }

            var text = (UnicodeString*)bytes;
            return Cut(new string(text->Buffer, 0, text->Length / sizeof(char)));
        }
    }

    private static string[] Cut(string commandLine)
    {
        if (string.IsNullOrWhiteSpace(commandLine))
        {
            return []; // for which CommandLineToArgvW would give our own program
        }

        var words = CommandLineToArgv(commandLine, out var count);
        try
        {
            return [.. Enumerable.Range(0, words == 0 ? 0 : count).Select(index => Marshal.PtrToStringUni(Marshal.ReadIntPtr(words, index * nint.Size))!)];
        }
        finally
        {
            Marshal.FreeHGlobal(words); // LocalFree
        }
    }

    // https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntqueryinformationprocess
    [LibraryImport("ntdll.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int NtQueryInformationProcess(SafeProcessHandle process, int what, void* information, uint size, out uint needed);

    // https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
    [LibraryImport("shell32.dll", EntryPoint = "CommandLineToArgvW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint CommandLineToArgv(string commandLine, out int count);

    // PROCESS_BASIC_INFORMATION
    [StructLayout(LayoutKind.Sequential)]
    private struct Basic
    {
        internal nint ExitStatus;
        internal nint Peb;
        internal nint AffinityMask;
        internal nint BasePriority;
        internal nint Id;
        internal nint InheritedFrom;
    }

    // UNICODE_STRING; lengths in bytes
    [StructLayout(LayoutKind.Sequential)]
    private struct UnicodeString
    {
        internal ushort Length;
        internal ushort MaximumLength;
        internal char* Buffer;
    }
}
