using System.Buffers;
using System.Globalization;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;
using Tmds.Linux;

namespace Orchestrator.Processes;

/// <summary>The folder that holds the work directories of one user.</summary>
public sealed class WorkRoot
{
    /// <summary>Names another work root than <c>orchestrator-UID</c> under the temporary directory.</summary>
    public const string Variable = "ORCHESTRATOR_WORK";

    private const int SuffixLength = 12;
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);
    private static readonly TimeSpan UnmarkedAge = TimeSpan.FromMinutes(1);

    private WorkRoot(string path) => Path = path;

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Opens the work root, and makes it, for this user alone, if it does not exist.</summary>
    /// <param name="path">Where; null for <c>$ORCHESTRATOR_WORK</c>, else <c>orchestrator-UID</c> under the temporary directory.</param>
    /// <returns>The work root.</returns>
    /// <exception cref="WorkDirectoryException">It is a symbolic link, another user's, not writable, or programs there cannot be executed.</exception>
    public static WorkRoot Open(string? path = null)
    {
        var root = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path ?? DefaultPath()));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(root)!);
            var made = SystemCalls.TryMakeDirectory(root);
            var status = SystemCalls.Status(LibC.AT_FDCWD, SystemCalls.Encode(root));
            var problem = status switch
            {
                null => "it vanished",
                { IsSymbolicLink: true } => "it is a symbolic link",
                { IsDirectory: false } => "it is not a directory",
                { Owner: var owner } when owner != SystemCalls.EffectiveUser() => $"it belongs to another user (uid {owner})",
                _ when !made && !SystemCalls.MayWrite(root) => "it is not writable",
                _ when SystemCalls.IsNoExec(root) => "it is on a file system mounted noexec, where nothing that a build makes could be run",
                _ => null,
            };
            return problem is null ? new(root) : throw Refused(root, problem);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw Refused(root, exception.Message, exception);
        }
    }

    /// <summary>Makes a work directory, with a keeper that removes it when this process is gone.</summary>
    /// <param name="name">What its name begins with: that of the package.</param>
    /// <param name="events">Called for each event of the keeper.</param>
    /// <param name="cancellationToken">Gives up; the directory is removed again.</param>
    /// <returns>The directory. Nothing but its own disposal or the death of this process removes it.</returns>
    /// <exception cref="WorkDirectoryException">It cannot be made.</exception>
    /// <exception cref="SupervisorException">The keeper cannot be started.</exception>
    public Task<WorkDirectory> CreateAsync(string name, Action<RunEvent>? events = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is not a file name", nameof(name));
        }

        return WorkDirectory.CreateAsync(System.IO.Path.Combine(Path, $"{name}.{Guid.NewGuid().ToString("N")[..SuffixLength]}"), events, cancellationToken);
    }

    /// <summary>
    /// Ends and removes what dead runs left here: after a power cut, or when a keeper was killed too. A directory that
    /// anybody uses is not touched, nor is anything without our marker.
    /// </summary>
    /// <param name="cancellationToken">Stops between two directories.</param>
    /// <returns>What was found.</returns>
    public Task<SweepResult> SweepAsync(CancellationToken cancellationToken = default) => Task.Run(() => Sweep(cancellationToken), cancellationToken);

    private SweepResult Sweep(CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        var ended = new List<ProcessName>();
        var problems = new List<string>();
        var inGroups = LostRun.EndControlGroups(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        ended.AddRange(inGroups.Found.Except(inGroups.Survivors).Select(process => new ProcessName(process.Pid, process.Name)));
        problems.AddRange(inGroups.Problems);
        using var root = SystemCalls.Open(Path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
        if (root is null || SystemCalls.Status(root).Owner != SystemCalls.EffectiveUser())
        {
            throw Refused(Path, root is null ? "it vanished" : "it belongs to another user now");
        }

        var names = Names(root);
        var inUse = names.Select(name => RunInUse(root, name)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = $"{Path}/{Printable.Text(name.AsSpan()[..^1])}";
            try
            {
                using var directory = ClaimedDirectory.TryTakeOver(root, Path, name, out var refusal);
                if (directory is null)
                {
                    RemoveUnfinished(root, name, path);
                    problems.AddRange(refusal is not null && IsOurs(name) ? [$"{path}: {refusal}"] : Array.Empty<string>());
                    continue;
                }

                if (directory.IsCopy || inUse.Contains(directory.Run))
                {
                    // What it says of its run is not true of it: the run may be somebody's who is at work.
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
            if (isDirectory != false || IsOurs(name))
            {
                names.Add(name.ToArray());
            }
        }

        return names;
    }

    private string? RunInUse(FileDescriptor root, byte[] name)
    {
        try
        {
            return ClaimedDirectory.RunInUse(root, Path, name);
        }
        catch (LinuxException)
        {
            return null; // told when it is its turn
        }
    }

    // A keeper that was killed between making its directory and marking it left one that is empty.
    private void RemoveUnfinished(FileDescriptor root, byte[] name, string path)
    {
        if (IsOurs(name) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > UnmarkedAge)
        {
            ClaimedDirectory.RemoveUnfinished(root, Path, name);
        }
    }

    // The name alone makes nothing ours to remove; but of what has another name, not even an empty directory is.
    private static bool IsOurs(ReadOnlySpan<byte> name) =>
        name.Length > SuffixLength + 2 && name[^(SuffixLength + 2)] == '.' && !name[^(SuffixLength + 1)..^1].ContainsAnyExcept(Digits);

    private static string DefaultPath() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? chosen
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"orchestrator-{SystemCalls.EffectiveUser()}"));

    private static WorkDirectoryException Refused(string root, string problem, Exception? cause = null) =>
        new(root, $"work root '{root}' refused: {problem}; set {Variable} to a folder of your own", cause);
}
