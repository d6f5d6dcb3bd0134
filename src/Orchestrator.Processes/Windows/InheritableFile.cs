using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Handles that a process which we start may have. Only those that are listed for it are passed on, to that process alone.</summary>
[SupportedOSPlatform("windows")]
internal static class InheritableFile
{
    internal const uint GenericRead = 0x80000000; // GENERIC_READ
    internal const uint GenericWrite = 0x40000000; // GENERIC_WRITE

    private const uint ShareReadWrite = 3; // FILE_SHARE_READ | FILE_SHARE_WRITE
    private const uint OpenExisting = 3; // OPEN_EXISTING

    /// <exception cref="Win32Exception">It cannot be opened.</exception>
    internal static SafeFileHandle Open(string path, uint access)
    {
        var security = new SecurityAttributes { Size = Unsafe.SizeOf<SecurityAttributes>(), InheritHandle = 1 };
        var handle = Kernel32.CreateFile(path, access, ShareReadWrite, ref security, OpenExisting, 0, 0);
        return handle.IsInvalid ? throw new Win32Exception() : handle;
    }

    /// <summary>The device that has nothing to read and takes everything.</summary>
    internal static SafeFileHandle Null(uint access) => Open("NUL", access);

    /// <summary>One of our own standard streams; the null device where we have none, as a program without a console.</summary>
    /// <param name="number">-10, -11, -12: STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE.</param>
    internal static SafeFileHandle Standard(int number)
    {
        var own = Kernel32.GetStdHandle(number);
        var process = Kernel32.GetCurrentProcess();
        return own is not (0 or -1) && Kernel32.DuplicateHandle(process, own, process, out var copy, 0, inheritHandle: true, Kernel32.SameAccess)
            ? copy
            : Null(number == -10 ? GenericRead : GenericWrite);
    }
}
