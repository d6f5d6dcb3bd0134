using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>The tool as users have it: packed, and installed from the package with <c>dotnet tool install</c>.</summary>
public sealed class InstalledTool : IAsyncLifetime
{
    private readonly TestDirectory directory = new();

    /// <summary>What was installed: the native program where one could be linked, else a launcher of the managed one.</summary>
    internal static string Program { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var feed = directory.Combine("feed");
        await PackedFeed.CreateAsync(feed, "Orchestrator.Cli");
        var tools = directory.Combine("tools");

        // In a folder of its own: else the version that was installed last comes back from NuGet's.
        using var job = Job.Start(
            "/usr/bin/env", $"NUGET_PACKAGES={directory.Combine("packages")}", "dotnet", "tool", "install", "--tool-path", tools, "--add-source", feed, "Orchestrator.Cli");
        if (await job.ExitCodeAsync() != 0)
        {
            throw new InvalidOperationException(job.Text);
        }

        Program = Path.Combine(tools, "orchestrator");
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
