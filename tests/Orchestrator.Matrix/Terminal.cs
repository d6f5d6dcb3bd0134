using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Matrix;

/// <summary>A real terminal (<c>pty(7)</c>): closing it is what closing a window or losing a connection does.</summary>
public sealed partial class Terminal : IDisposable
{
    private const int ReadWriteNoControl = 0x80102; // O_RDWR | O_NOCTTY | O_CLOEXEC
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle handle;
    private readonly FileStream stream;

    public Terminal()
    {
        var master = posix_openpt(ReadWriteNoControl);
        Span<byte> name = stackalloc byte[128];
        if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0 || ptsname_r(master, ref name[0], name.Length) != 0)
        {
            throw new InvalidOperationException("no terminal can be had");
        }

        Path = Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
        handle = new(master, ownsHandle: true);
        stream = new(handle, FileAccess.Read, bufferSize: 1);
    }

    /// <summary>The side that programs are started on.</summary>
    public string Path { get; }

    /// <summary>Reads until a text has appeared.</summary>
    public void WaitFor(string text)
    {
        var seen = new StringBuilder();
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                throw new InvalidOperationException($"the terminal ended after: {seen}");
            }

            seen.Append((char)next);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        handle.Dispose();
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", SetLastError = true)]
    private static partial int posix_openpt(int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", SetLastError = true)]
    private static partial int grantpt(int fd);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlockpt(int fd);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [LibraryImport("libc")]
    private static partial int ptsname_r(int fd, ref byte name, nint length);
}
