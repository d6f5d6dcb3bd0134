using System.Collections.Immutable;
using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Processes;

/// <summary>Finds the processes that a run depends on.</summary>
public static class RunOwners
{
    private static Func<ImmutableArray<RunOwner>>? find;

    /// <summary>
    /// The calling process; the dotnet CLI that started it (<c>dotnet run</c>, <c>dotnet cake</c>), which passes no signal
    /// on, and of which Windows tells nobody that it has ended; and where <c>CI</c> is <c>true</c> the process above that, since an aborted job's shell often passes nothing on either.
    /// Found once: a parent that has ended since must not be mistaken for the one that took its place.
    /// </summary>
    public static ImmutableArray<RunOwner> Default => find?.Invoke() ?? Found.Value;

    /// <summary>For a host that knows better on whom its builds depend, such as an MSBuild node: how <see cref="Default"/> is found from now on, each time.</summary>
    public static void FindDefaultBy(Func<ImmutableArray<RunOwner>> finder) => find = finder;

    /// <summary>
    /// The calling process, and those that are connected to it: at the other end of each Unix socket that it has accepted
    /// (<c>SO_PEERCRED</c>, <c>unix(7)</c>). For a server that works for its clients, such as an MSBuild node. Looked for each time.
    /// </summary>
    public static ImmutableArray<RunOwner> Clients => !OperatingSystem.IsLinux() ? [] :
    [
        Self(),
        .. SystemCalls.ClientProcesses()
            .Where(client => client != Environment.ProcessId)
            .Distinct()
            .Select(client => new RunOwner(client, ProcessTable.Find(client)?.Start)),
    ];

    private static Lazy<ImmutableArray<RunOwner>> Found { get; } = new(() =>
        OperatingSystem.IsLinux() ? [Self(), .. FindAbove()]
        : OperatingSystem.IsWindows() ? Windows.WindowsOwners.Find()
        : []);

    /// <summary>The default owners but the calling process itself.</summary>
    internal static ImmutableArray<RunOwner> Above() => Default.IsEmpty ? [] : Default.RemoveAt(0);

    private static ImmutableArray<RunOwner> FindAbove()
    {
        var owners = ImmutableArray.CreateBuilder<RunOwner>();
        var parent = Parent(Environment.ProcessId);
        if (parent is { } cli && IsDotnetCli(cli.Pid))
        {
            owners.Add(new(cli.Pid, cli.Start));
            parent = Parent(cli.Pid);
        }
        else if (IsLocalTool() && IsOrphan())
        {
            owners.Add(new(Environment.ProcessId, 0)); // the CLI had ended before we looked: an owner that is not alive
        }

        if (parent is { } shell && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            owners.Add(new(shell.Pid, shell.Start));
        }

        return owners.ToImmutable();
    }

    private static RunOwner Self() => new(Environment.ProcessId, ProcessTable.Find(Environment.ProcessId)?.Start);

    // PID 1 is never an owner: what it takes over are orphans.
    private static ProcessEntry? Parent(int pid) =>
        ProcessTable.Find(pid) is { Parent: > 1 } process ? ProcessTable.Find(process.Parent) : null;

    // `dotnet cake` starts `dotnet PACKAGE/tools/TFM/RID/Cake.dll`.
    private static bool IsLocalTool() =>
        Path.GetFileName(Environment.ProcessPath) == "dotnet" && AppContext.BaseDirectory.TrimEnd('/').Split('/') is [.., "tools", _, _];

    // Whoever starts a process is of its session (setsid(2)); whoever takes over an orphan mostly is not.
    private static bool IsOrphan() =>
        ProcessTable.Find(Environment.ProcessId) is { } self && self.Session != self.Pid
        && ProcessTable.Find(self.Parent) is { } parent && parent.Session != self.Session;

    private static bool IsDotnetCli(int pid)
    {
        if (ProcessTable.ReadFile(LibC.AT_FDCWD, SystemCalls.Encode(FormattableString.Invariant($"/proc/{pid}/cmdline"))) is not { } commandLine)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(commandLine).Split('\0');
        return Path.GetFileName(words[0]) == "dotnet" && words.Length > 1 && IsCliVerb(words[1]);
    }

    /// <summary>Whether the first argument of a <c>dotnet</c> makes it the CLI: <c>dotnet run</c>, <c>dotnet cake</c>; but not <c>dotnet app.dll</c>, which is a program like any other.</summary>
    internal static bool IsCliVerb(string word) =>
        word != "exec" && (!word.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || Path.GetFileName(word) is "dotnet.dll" or "MSBuild.dll");
}
