using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Processes.Windows;

/// <summary>Handle of a Job Object. With KILL_ON_JOB_CLOSE, closing the last one ends all that is in it.</summary>
[SupportedOSPlatform("windows")]
internal sealed class SafeJobHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Kernel32.CloseHandle(handle);
}
