using System.Globalization;
using System.Text;
using Tmds.Linux;

namespace Orchestrator.Supervisor.Linux;

/// <summary>
/// A control group of version 2 (<c>cgroups(7)</c>) that holds one run, below the one that we are in ourselves, so that
/// the limits and the kill of whoever started us hold it too. A shared lock on its directory says that its supervisor lives.
/// </summary>
internal sealed class ControlGroup : IDisposable
{
    private const string Prefix = "orchestrator-";
    private static (string Own, string Path)? ownPath;
    private readonly string path;
    private readonly string parent;
    private readonly FileDescriptor directory;
    private FileDescriptor? events;

    private ControlGroup(string parent, string path, FileDescriptor directory) => (this.parent, this.path, this.directory) = (parent, path, directory);

    /// <summary>Becomes ready when <see cref="IsPopulated"/> changes after it was asked for; null if it cannot be opened.</summary>
    internal FileDescriptor? Change => events ??= SystemCalls.Open(path + "/cgroup.events", LibC.O_RDONLY) is { } opened ? opened.ForPriority() : null;

    /// <summary>Whether a process lives in it, or in one below it.</summary>
    internal bool IsPopulated
    {
        get
        {
            if (Change is not { } file)
            {
                return false; // removed
            }

            Span<byte> text = stackalloc byte[256];
            SystemCalls.Rewind(file);
            var length = SystemCalls.Read(file, text);
            return length > 0 && text[..length].IndexOf("populated 1"u8) >= 0;
        }
    }

    /// <summary>For what starts a program in it.</summary>
    internal FileDescriptor Directory => directory;

    /// <summary>Makes one.</summary>
    /// <param name="run">Name of the run.</param>
    /// <exception cref="ContainmentException">This machine does not let us.</exception>
    internal static ControlGroup Create(string run)
    {
        var parent = Own();
        EndLost(parent);
        var group = Create(parent, run);
        if (!File.Exists(group.path + "/cgroup.kill"))
        {
            group.Remove();
            group.Dispose();
            throw new ContainmentException("there is no cgroup.kill (Linux 5.14 or newer is needed)");
        }

        return group;
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    internal static string? Problem()
    {
        try
        {
            using var group = Create(RunId.Create());
            try
            {
                group.Enter();
                group.Leave();
            }
            finally
            {
                group.Remove();
            }

            return null;
        }
        catch (ContainmentException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Moves us into it, so that what we start is in it from its first moment.</summary>
    /// <exception cref="ContainmentException">This machine does not let us.</exception>
    internal void Enter() => Join(path);

    /// <summary>Moves us back to where we were.</summary>
    /// <exception cref="ContainmentException">It is not possible.</exception>
    internal void Leave() => Join(parent);

    /// <summary>SIGKILL to all in it and below it at once, forks in flight included: <c>cgroup.kill</c>.</summary>
    /// <returns>False if the kernel did not take it.</returns>
    internal bool Kill() => WriteFile(path + "/cgroup.kill", "1") == 0;

    /// <summary>The PIDs in it and below it.</summary>
    internal List<int> Processes()
    {
        var processes = new List<int>();
        AddProcesses(path, processes);
        return processes;
    }

    /// <summary>Moves what lives in it to where we are, until nothing is left in it: for leftovers that are to be kept.</summary>
    internal void Empty()
    {
        // What cannot be moved any more has ended; a bound, since a process that forks for ever could keep us here.
        for (var pass = 0; pass < 100 && Processes() is { Count: > 0 } processes; pass++)
        {
            foreach (var process in processes)
            {
                _ = WriteFile(parent + "/cgroup.procs", process.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>Removes it and those below it. One that is populated stays, for a later sweep.</summary>
    internal void Remove() => Remove(path);

    public void Dispose()
    {
        events?.Dispose();
        directory.Dispose();
    }

    /// <summary>Those whose supervisor is gone: below our own group or, if asked, wherever we can see. Each is held exclusively.</summary>
    internal static List<ControlGroup> Lost(bool everywhere)
    {
        var lost = new List<ControlGroup>();
        try
        {
            var own = Own();
            AddLost(everywhere ? Mounts().First().Point : own, own, everywhere, lost);
        }
        catch (ContainmentException)
        {
            // No control groups here: nothing can have been lost in one.
        }

        return lost;
    }

    private static void EndLost(string parent)
    {
        var lost = new List<ControlGroup>();
        AddLost(parent, parent, everywhere: false, lost);
        foreach (var group in lost)
        {
            using (group)
            {
                _ = group.Kill();
                group.Remove();
            }
        }
    }

    private static void AddLost(string parent, string own, bool everywhere, List<ControlGroup> lost)
    {
        foreach (var name in Directories(parent))
        {
            var path = $"{parent}/{name}";
            var holdsUs = own == path || own.StartsWith(path + "/", StringComparison.Ordinal);
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && RunId.IsValid(name.AsSpan(Prefix.Length)) && !holdsUs && Open(parent, path) is { } group)
            {
                if (SystemCalls.TryLock(group.directory, exclusive: true))
                {
                    lost.Add(group);
                    continue;
                }

                group.Dispose();
            }

            if (everywhere)
            {
                AddLost(path, own, everywhere, lost);
            }
        }
    }

    private static ControlGroup Create(string parent, string run)
    {
        var path = $"{parent}/{Prefix}{run}";
        try
        {
            // A sweep can take a new one for a lost one before it is locked, and remove it.
            for (var attempt = 0; attempt < 10; attempt++)
            {
                _ = SystemCalls.TryMakeDirectory(path);
                if (Open(parent, path) is { } group)
                {
                    if (SystemCalls.TryLock(group.directory, exclusive: false)
                        && SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(path)) is { } now && now.IsSameFile(SystemCalls.Status(group.directory)))
                    {
                        return group;
                    }

                    group.Dispose();
                }
            }

            throw new ContainmentException($"{path} is removed by another process again and again");
        }
        catch (LinuxException exception)
        {
            throw new ContainmentException($"no control group can be made in {parent}: {LinuxException.Describe(exception.Error)}");
        }
    }

    private static ControlGroup? Open(string parent, string path)
    {
        try
        {
            return SystemCalls.Open(path, LibC.O_RDONLY | LibC.O_DIRECTORY) is { } directory ? new(parent, path, directory) : null;
        }
        catch (LinuxException exception) when (exception.IsAccess)
        {
            return null; // another user's
        }
    }

    private static void Join(string path)
    {
        var error = WriteFile(path + "/cgroup.procs", "0");
        if (error != 0)
        {
            throw new ContainmentException($"{path}/cgroup.procs: {LinuxException.Describe(error)}");
        }
    }

    private static void Remove(string path)
    {
        foreach (var name in Directories(path))
        {
            Remove($"{path}/{name}");
        }

        _ = SystemCalls.Remove(LibC.AT_FDCWD, SystemCalls.Encode(path), isDirectory: true);
    }

    private static void AddProcesses(string path, List<int> processes)
    {
        foreach (var line in Lines(path + "/cgroup.procs"))
        {
            // 0 is a process that our PID namespace does not show.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
            {
                processes.Add(pid);
            }
        }

        foreach (var name in Directories(path))
        {
            AddProcesses($"{path}/{name}", processes);
        }
    }

    private static List<string> Directories(string path)
    {
        var names = new List<string>();
        try
        {
            using var directory = SystemCalls.Open(path, LibC.O_RDONLY | LibC.O_DIRECTORY);
            var reader = directory is null ? null : new DirectoryReader(directory);
            while (reader?.Next(out var name, out var isDirectory) == true)
            {
                if (isDirectory != false)
                {
                    names.Add(Encoding.UTF8.GetString(name[..^1]));
                }
            }
        }
        catch (LinuxException)
        {
            // Removed meanwhile, or not ours to read.
        }

        return names;
    }

    // The directory of the group that we are in.
    private static string Own()
    {
        var own = Lines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?[3..]
            ?? throw new ContainmentException("this process is in no control group of version 2");
        if (ownPath is var (known, place) && known == own)
        {
            return place; // a mount is not looked for again, by a supervisor of many runs
        }

        if (own.StartsWith("/..", StringComparison.Ordinal))
        {
            throw new ContainmentException($"the control group of this process, {own}, is outside of its namespace");
        }

        foreach (var (root, point) in Mounts())
        {
            if (root == "/" || own == root || own.StartsWith(root + "/", StringComparison.Ordinal))
            {
                var path = point + own[(root == "/" ? 0 : root.Length)..].TrimEnd('/');
                ownPath = (own, path);
                return path;
            }
        }

        throw new ContainmentException("no cgroup2 file system is mounted");
    }

    // /proc/self/mountinfo (proc(5)): id parent major:minor root mount-point options [optional]... - type source options.
    private static IEnumerable<(string Root, string Point)> Mounts()
    {
        foreach (var line in Lines("/proc/self/mountinfo"))
        {
            var fields = line.Split(' ');
            if (Array.IndexOf(fields, "-") is > 5 and var dash && dash + 1 < fields.Length && fields[dash + 1] == "cgroup2")
            {
                yield return (Unescape(fields[3]), Unescape(fields[4]));
            }
        }
    }

    // Space, tab, line feed and backslash are written in octal.
    private static string Unescape(string text) => text
        .Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal)
        .Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);

    private static string[] Lines(string path) =>
        ProcessTable.ReadFile(LibC.AT_FDCWD, SystemCalls.Encode(path)) is { } text
            ? Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : [];

    // 0, or the error number.
    private static int WriteFile(string path, string text)
    {
        try
        {
            using var file = SystemCalls.Open(path, LibC.O_WRONLY);
            return file is null ? LibC.ENOENT : SystemCalls.Write(file, Encoding.ASCII.GetBytes(text)) > 0 ? 0 : LibC.errno;
        }
        catch (LinuxException exception)
        {
            return exception.Error;
        }
    }
}
