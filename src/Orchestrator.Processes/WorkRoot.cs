using System.Buffers;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>The folder that holds the work directories of one user.</summary>
public sealed class WorkRoot
{
    /// <summary>Names another work root than <c>orchestrator-UID</c> (on Windows <c>orchestrator-USER</c>) under the temporary directory.</summary>
    public const string Variable = "ORCHESTRATOR_WORK";

    private const int SuffixLength = 12;
    private static readonly SearchValues<char> DigitCharacters = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>How old a directory must be that has our kind of name, and no marker, to be one that nobody finished.</summary>
    internal static readonly TimeSpan UnmarkedAge = TimeSpan.FromMinutes(1);

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
            var problem = OperatingSystem.IsWindows() ? Windows.WindowsWorkRoot.Prepare(root) : LinuxWorkRoot.Prepare(root);
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
    public Task<WorkDirectory> CreateAsync(string name, Action<RunEvent>? events = null, CancellationToken cancellationToken = default) =>
        CreateAsync(name, null, events, cancellationToken);

    /// <summary>As <see cref="CreateAsync(string, Action{RunEvent}?, CancellationToken)"/>, with a path that is the same each time.</summary>
    /// <param name="name">What its name begins with: that of the package.</param>
    /// <param name="identity">What its name ends in: twelve hexadecimal digits (0 to 9, a to f). Null for some that nobody has.</param>
    /// <param name="events">Called for each event of the keeper.</param>
    /// <param name="cancellationToken">Gives up; the directory is removed again.</param>
    /// <returns>The directory. Where there is one of that path already, that one is shared: who must have it alone looks before, and under a lock.</returns>
    /// <exception cref="WorkDirectoryException">It cannot be made.</exception>
    /// <exception cref="SupervisorException">The keeper cannot be started.</exception>
    public Task<WorkDirectory> CreateAsync(string name, string? identity, Action<RunEvent>? events, CancellationToken cancellationToken) =>
        WorkDirectory.CreateAsync(PathOf(name, identity ?? Guid.NewGuid().ToString("N")[..SuffixLength]), events, cancellationToken);

    /// <summary>The path of a work directory.</summary>
    /// <param name="name">What its name begins with: that of the package.</param>
    /// <param name="identity">What its name ends in: twelve hexadecimal digits (0 to 9, a to f).</param>
    /// <returns>A path in this folder; nothing need be there.</returns>
    public string PathOf(string name, string identity)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.IndexOfAny(['/', System.IO.Path.DirectorySeparatorChar]) >= 0)
        {
            throw new ArgumentException($"'{name}' is not a file name", nameof(name));
        }

        ArgumentNullException.ThrowIfNull(identity);
        if (identity.Length != SuffixLength || identity.AsSpan().ContainsAnyExcept(DigitCharacters))
        {
            throw new ArgumentException($"'{identity}' is not twelve hexadecimal digits", nameof(identity));
        }

        return System.IO.Path.Combine(Path, $"{name}.{identity}");
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
        return OperatingSystem.IsWindows()
            ? Windows.WindowsWorkRoot.Sweep(Path, cancellationToken)
            : LinuxWorkRoot.Sweep(Path, cancellationToken);
    }

    /// <summary>Whether a name, with its closing zero, is one of those that we give. That alone makes nothing ours to remove; but of what has another name, not even an empty directory is.</summary>
    internal static bool IsOurs(ReadOnlySpan<byte> name) =>
        name.Length > SuffixLength + 2 && name[^(SuffixLength + 2)] == '.' && !name[^(SuffixLength + 1)..^1].ContainsAnyExcept(Digits);

    private static string DefaultPath() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? chosen
            : OperatingSystem.IsWindows() ? Windows.WindowsWorkRoot.DefaultPath
            : System.IO.Path.Combine(System.IO.Path.GetTempPath(), LinuxWorkRoot.DefaultName);

    /// <summary>Says that a work root cannot be used, and what to do.</summary>
    internal static WorkDirectoryException Refused(string root, string problem, Exception? cause = null) =>
        new(root, $"work root '{root}' refused: {problem}; set {Variable} to a folder of your own", cause);
}
