using System.Reflection;

namespace Orchestrator.Testing;

/// <summary>A NuGet feed in a folder, with packages of this repository, packed as the tests were built.</summary>
public static class PackedFeed
{
    /// <summary>Packs projects below <c>src</c> into a folder.</summary>
    /// <param name="folder">The feed.</param>
    /// <param name="projects">Names of projects.</param>
    public static async Task CreateAsync(string folder, params IEnumerable<string> projects)
    {
        var configuration = typeof(PackedFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        foreach (var project in projects)
        {
            using var job = Job.Start(
                "dotnet", "pack", Path.Combine(Repository.Root, "src", project, project + ".csproj"), "-v", "q", "-nologo", "--no-build", "-c", configuration, "-o", folder);
            if (await job.ExitCodeAsync() != 0)
            {
                throw new InvalidOperationException(job.Text);
            }
        }
    }
}
