using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Starts a command without a network, in a network namespace of its own that has nothing in it: <c>unshare(1)</c>.</summary>
internal static class NetworkIsolation
{
    // An ordinary user may make one only inside a user namespace, in which he stays who he is; some machines allow neither.
    private static readonly string[][] Ways = [["--net", "--"], ["--user", "--map-current-user", "--net", "--"]];

    private static readonly Lazy<Task<IReadOnlyList<string>>> Found = new(FindAsync);

    /// <summary>What has to stand before bash; nothing where the machine does not allow it, or has no bash, which is better said by itself.</summary>
    internal static async Task<IReadOnlyList<string>> PrefixAsync() => OperatingSystem.IsWindows() || Tool("bash") is null ? [] : await Found.Value.ConfigureAwait(false);

    private static async Task<IReadOnlyList<string>> FindAsync()
    {
        if (Tool("unshare") is { } program)
        {
            foreach (var way in Ways)
            {
                var result = await SupervisedCommand.Create(program, [.. way, "true"]).RunAsync(CancellationToken.None).ConfigureAwait(false);
                if (result.IsSuccess)
                {
                    return [program, .. way];
                }
            }
        }

        return [];
    }

    private static string? Tool(string name) => new ToolPath(Environment.GetEnvironmentVariable("PATH")).Find(name);
}
