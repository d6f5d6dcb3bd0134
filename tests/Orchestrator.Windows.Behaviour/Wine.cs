using System.Runtime.InteropServices;

namespace Orchestrator.Testing;

/// <summary>Whether the tests run on Windows, or on wine, which is not the same in everything.</summary>
internal static unsafe class Wine
{
    /// <summary>Its version; null on Windows.</summary>
    internal static Version? Version { get; } =
        NativeLibrary.TryGetExport(NativeLibrary.Load("ntdll.dll"), "wine_get_version", out var function)
            && Version.TryParse(Marshal.PtrToStringAnsi(((delegate* unmanaged<nint>)function)()), out var version) ? version : null;
}
