using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Orchestrator.Processes.Windows;

/// <summary>The encoding of programs that print in the code page of the console, as those of Windows itself do.</summary>
[SupportedOSPlatform("windows")]
internal static partial class OemEncoding
{
    private static readonly Lazy<Encoding?> Found = new(() => CodePagesEncodingProvider.Instance.GetEncoding((int)GetOEMCP()));

    /// <summary>Null where that is UTF-8, which it can be set to, or not known.</summary>
    internal static Encoding? Value => Found.Value;

    /// <summary><see href="https://learn.microsoft.com/windows/win32/api/winnls/nf-winnls-getoemcp">GetOEMCP</see>.</summary>
    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint GetOEMCP();
}
