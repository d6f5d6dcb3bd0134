using System.Globalization;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;
using Tmds.Linux;

namespace Orchestrator.Processes;

/// <summary>The folder of the work directories, on Linux.</summary>
internal static class LinuxWorkRoot
{
    /// <summary>Its name under the temporary directory, which all users share.</summary>
    internal static string DefaultName => string.Create(CultureInfo.InvariantCulture, $"orchestrator-{SystemCalls.EffectiveUser()}");

    /// <summary>Makes it, for this user alone, if it does not exist.</summary>
    /// <returns>Why it cannot be used; null if it can.</returns>
    /// <exception cref="LinuxException">It cannot be made.</exception>
    internal static string? Prepare(string root)
    {
        var made = SystemCalls.TryMakeDirectory(root);
        return SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(root)) switch
        {
            null => "it vanished",
            { IsSymbolicLink: true } => "it is a symbolic link",
            { IsDirectory: false } => "it is not a directory",
            { Owner: var owner } when owner != SystemCalls.EffectiveUser() => $"it belongs to another user (uid {owner})",
            _ when !made && !SystemCalls.MayWrite(root) => "it is not writable",
            _ when SystemCalls.IsNoExec(root) => "it is on a file system mounted noexec, where nothing that a build makes could be run",
            _ => null,
        };
    }

    /// <summary>Ends and removes what dead runs left.</summary>
    /// <exception cref="WorkDirectoryException">It is no work root any more.</exception>
    internal static SweepResult Sweep(string rootPath, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        var ended = new List<ProcessName>();
        var problems = new List<string>();
        var inGroups = LostRun.EndControlGroups(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        ended.AddRange(inGroups.Found.Except(inGroups.Survivors).Select(process => new ProcessName(process.Pid, process.Name)));
        problems.AddRange(inGroups.Problems);
        using var root = SystemCalls.Open(rootPath, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
        if (root is null || SystemCalls.Status(root).Owner != SystemCalls.EffectiveUser())
        {
            throw WorkRoot.Refused(rootPath, root is null ? "it vanished" : "it belongs to another user now");
        }

        var names = Names(root);
        var inUse = names.ToLookup(name => RunInUse(root, rootPath, name) ?? "", StringComparer.Ordinal);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = $"{rootPath}/{Printable.Text(name.AsSpan()[..^1])}";
            try
            {
                using var directory = ClaimedDirectory.TryTakeOver(root, rootPath, name, out var refusal);
                if (directory is null)
                {
                    RemoveUnfinished(root, rootPath, name, path);
                    problems.AddRange(refusal is not null && WorkRoot.IsOurs(name) ? [$"{path}: {refusal}"] : Array.Empty<string>());
                    continue;
                }

                if (directory.IsCopy || inUse[directory.Run].Any(user => user != name))
                {
                    // What it says of its run is not true of it: the run may be somebody's who is at work, in another directory.
                    // This one is ours now; if it seemed to be in use, that was another sweep, which had it for a moment.
                    problems.Add($"{path}: it is a copy of a work directory; remove it, or its {MarkerFile.Name} file, yourself");
                    continue;
                }

                var end = LostRun.End(directory.Run, 0, 0, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
                ended.AddRange(end.Found.Except(end.Survivors).Select(process => new ProcessName(process.Pid, process.Name)));
                problems.AddRange(end.Problems.Select(problem => $"{path}: {problem}"));
                var left = end.IsEmpty ? directory.Remove() : [];
                problems.AddRange(left);
                if (end.IsEmpty && left.Count == 0)
                {
                    removed.Add(path);
                }
            }
            catch (Exception exception) when (exception is LinuxException or WorkDirectoryRefusedException)
            {
                problems.Add($"{path}: {exception.Message}");
            }
        }

        return new(removed, ended, problems);
    }

    private static List<byte[]> Names(FileDescriptor root)
    {
        var names = new List<byte[]>();
        var reader = new DirectoryReader(root);
        while (reader.Next(out var name, out var isDirectory))
        {
            if (isDirectory != false || WorkRoot.IsOurs(name))
            {
                names.Add(name.ToArray());
            }
        }

        return names;
    }

    private static string? RunInUse(FileDescriptor root, string rootPath, byte[] name)
    {
        try
        {
            return ClaimedDirectory.RunInUse(root, rootPath, name);
        }
        catch (LinuxException)
        {
            return null; // told when it is its turn
        }
    }

    // A keeper that was killed between making its directory and marking it left one that is empty.
    private static void RemoveUnfinished(FileDescriptor root, string rootPath, byte[] name, string path)
    {
        if (WorkRoot.IsOurs(name) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > WorkRoot.UnmarkedAge)
        {
            ClaimedDirectory.RemoveUnfinished(root, rootPath, name);
        }
    }
}
