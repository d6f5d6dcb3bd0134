using System.Globalization;
using System.Text;
using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>What /proc tells of one process beyond the table, and how its files are read.</summary>
internal static partial class ProcessTable
{
    /// <summary>The environment that a process was started with; empty if it has none, or has ended.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="isHidden">Whether it must not be read.</param>
    // It is that of all its threads, and the first, whose number the process has, may have ended while others run on.
    internal static byte[] Environment(int pid, out bool isHidden)
    {
        var folder = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}";
        if (ReadFile(LibC.AT_FDCWD, SystemCalls.Encode(folder + "/environ"), out isHidden) is { Length: > 0 } own)
        {
            return own;
        }

        foreach (var thread in isHidden ? [] : Threads(folder) ?? [])
        {
            if (ReadFile(LibC.AT_FDCWD, SystemCalls.Encode($"{thread}/environ"), out isHidden) is { Length: > 0 } shared)
            {
                return shared;
            }
        }

        return [];
    }

    // Their folders; null if there are none, since the process has ended or /proc is not there.
    private static List<string>? Threads(string processFolder)
    {
        try
        {
            var tasks = $"{processFolder}/task";
            using var directory = IsAvailable ? SystemCalls.Open(tasks, LibC.O_RDONLY | LibC.O_DIRECTORY) : null;
            if (directory is null)
            {
                return null;
            }

            var threads = new List<string>();
            var reader = new DirectoryReader(directory);
            while (reader.Next(out var name, out _))
            {
                threads.Add($"{tasks}/{Encoding.ASCII.GetString(name[..^1])}");
            }

            return threads;
        }
        catch (LinuxException exception) when (exception.IsAccess || exception.Error == LibC.ESRCH || exception.Error == LibC.ENOENT)
        {
            return null; // it ended while we read
        }
    }

    /// <summary>A whole file of /proc; null if it is gone or must not be read.</summary>
    internal static byte[]? ReadFile(int directory, ReadOnlySpan<byte> name) => ReadFile(directory, name, out _);

    private static byte[]? ReadFile(int directory, ReadOnlySpan<byte> name, out bool isRefused)
    {
        isRefused = false;
        try
        {
            using var file = SystemCalls.OpenAt(directory, name, LibC.O_RDONLY);
            if (file is null)
            {
                return null;
            }

            var buffer = new byte[4096];
            var length = 0;
            while (true)
            {
                var count = SystemCalls.Read(file, buffer.AsSpan(length));
                if (count < 0)
                {
                    return null; // ESRCH: it ended while we read.
                }

                if (count == 0)
                {
                    return buffer[..length];
                }

                length += count;
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, length * 2);
                }
            }
        }
        catch (LinuxException exception) when (exception.IsAccess || exception.Error == LibC.ESRCH)
        {
            isRefused = exception.IsAccess;
            return null;
        }
    }
}
