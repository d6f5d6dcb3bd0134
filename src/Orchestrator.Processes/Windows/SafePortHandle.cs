using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Handle of an I/O completion port.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SafePortHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle);
}
