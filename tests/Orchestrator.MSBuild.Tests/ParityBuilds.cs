using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Every case once with Exec and once with ExecInProcessGroup, in projects of the same shape.</summary>
public sealed partial class ParityBuilds(PackedPackage package) : IAsyncLifetime
{
    private static readonly string[] Outputs = ["ExitCode", "ConsoleOutput", "Outputs", "StdOutEncoding", "StdErrEncoding"];
    private readonly TestDirectory directory = new();
    private LoggedBuild exec = null!;
    private LoggedBuild own = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(directory.Combine("sub folder"));
        exec = await LoggedBuild.RunAsync(package, directory, "Exec", ParityCases.ByName, Outputs);
        own = await LoggedBuild.RunAsync(package, directory, "ExecInProcessGroup", ParityCases.ByName, Outputs);
    }

    public ValueTask DisposeAsync()
    {
        exec.Dispose();
        own.Dispose();
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What Exec did, in words.</summary>
    public IReadOnlyList<string> Exec(string name) => Describe(exec[name]);

    /// <summary>What ExecInProcessGroup did, in the same words.</summary>
    public IReadOnlyList<string> ExecInProcessGroup(string name) => Describe(own[name]);

    private static IReadOnlyList<string> Describe(LoggedTask task)
    {
        var events = task.Events.Where(happened => !OnlyOurs().IsMatch(happened)).Select(Normalize).ToList();
        var hasTwoStreams = events.Exists(happened => happened.Contains(" >&2", StringComparison.Ordinal)); // which come in any order
        return
        [
            $"succeeded: {task.Succeeded}",
            .. Outputs.Select(name => $"{name}: {string.Join('|', Values(task.Output(name), hasTwoStreams))}"),
            .. (hasTwoStreams ? events.Order(StringComparer.Ordinal) : events.AsEnumerable()),
        ];
    }

    private static IEnumerable<string> Values(IEnumerable<ITaskItem> items, bool isSorted) =>
        isSorted ? items.Select(item => item.ItemSpec).Order(StringComparer.Ordinal) : items.Select(item => item.ItemSpec);

    // The names of the two tasks differ by design, also where MSBuild puts one in place of a file's.
    private static string Normalize(string happened) =>
        TaskName().Replace(HashCode().Replace(Script().Replace(StackTrace().Replace(happened, ""), "SCRIPT"), "HASH"), "Exec");

    [GeneratedRegex(@": (Peak memory |Using ""|Assembly loaded )")]
    private static partial Regex OnlyOurs();

    [GeneratedRegex(@"\S*/[^/\s]+\.exec\.cmd")]
    private static partial Regex Script();

    // Of GCC's errors, which have no code: MSBuild makes one from a hash that is another in every process.
    [GeneratedRegex(@"\bG[0-9A-F]{8}\b")]
    private static partial Regex HashCode();

    [GeneratedRegex(@"(Microsoft\.Build\.Tasks\.|Orchestrator\.MSBuild\.)?\bExec(InProcessGroup)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex TaskName();

    [GeneratedRegex(@"\s+at [A-Z].*", RegexOptions.Singleline)]
    private static partial Regex StackTrace();
}
