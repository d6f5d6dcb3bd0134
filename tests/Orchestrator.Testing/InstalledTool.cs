namespace Orchestrator.Testing;

/// <summary>The tool <c>orchestrator</c> as users have it: packed, and installed from the package with <c>dotnet tool install</c>.</summary>
public static class InstalledTool
{
    /// <summary>Packs and installs it.</summary>
    /// <param name="folder">A folder for the feed, the tool and NuGet's copies.</param>
    /// <returns>The program: the native one where it could be linked, else a launcher of the managed one.</returns>
    public static async Task<string> CreateAsync(string folder)
    {
        var feed = Path.Combine(folder, "feed");
        await PackedFeed.CreateAsync(feed, "Orchestrator.Cli");

        // NuGet's copies in a folder of their own: else the version that was installed last comes back from there.
        var tools = Path.Combine(folder, "tools");
        using var job = Job.Start(
            "/usr/bin/env", $"NUGET_PACKAGES={Path.Combine(folder, "packages")}", "dotnet", "tool", "install", "--tool-path", tools, "--add-source", feed, "Orchestrator.Cli");
        return await job.ExitCodeAsync() == 0 ? Path.Combine(tools, "orchestrator") : throw new InvalidOperationException(job.Text);
    }
}
