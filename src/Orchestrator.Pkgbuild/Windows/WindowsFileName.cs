using System.Buffers;

namespace Orchestrator.Pkgbuild;

/// <summary>Names that mean something else to Windows than they say (<see href="https://learn.microsoft.com/windows/win32/fileio/naming-a-file">Naming Files, Paths, and Namespaces</see>).</summary>
internal static class WindowsFileName
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|");
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Why a name cannot be that of a file; null if it can. Not for <c>.</c> and <c>..</c>.</summary>
    internal static string? Problem(string name) =>
        name.AsSpan().IndexOfAny(Forbidden) is >= 0 and var at ? $"Windows allows no '{name[at]}' in the name of a file"
        : name.AsSpan().ContainsAnyInRange('\u0000', '\u001F') ? "Windows allows no control characters in the name of a file"
        : name is [.., '.' or ' '] ? "Windows takes no notice of a dot or a space at the end of a name"
        : IsDevice(name) ? "it is the name of a device on Windows"
        : null;

    // With any extension.
    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        return Devices.Contains(stem, StringComparer.Ordinal) || stem is ['C', 'O', 'M', var port] && IsPort(port) || stem is ['L', 'P', 'T', var printer] && IsPort(printer);
    }

    private static bool IsPort(char character) => character is (>= '0' and <= '9') or '¹' or '²' or '³';
}
