using System.IO.Compression;
using System.Reflection;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Orchestrator.MSBuild.nupkg, packed once for all tests: in a feed, and unpacked as NuGet does it.</summary>
public sealed class PackedPackage : IAsyncLifetime
{
    private readonly TestDirectory directory = new();

    /// <summary>A folder with the package in it, to restore from.</summary>
    public string Feed => directory.Combine("feed");

    /// <summary>The contents of the package.</summary>
    public string Contents => directory.Combine("contents");

    /// <summary>Its file.</summary>
    public string File => Directory.GetFiles(Feed, "*.nupkg").Single();

    /// <summary>What the tests, and all that they use, were built as.</summary>
    public static string Configuration { get; } = typeof(PackedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Configuration").Value!;

    public async ValueTask InitializeAsync()
    {
        await PackAsync(Feed, "--no-build", "-c", Configuration);
        await ZipFile.ExtractToDirectoryAsync(File, Contents);
        await Shell.MustAsync("find \"$1\" -type f -exec chmod 0744 {} +", Contents); // NuGet's mode
    }

    /// <summary>Packs the project into a folder.</summary>
    public static async Task PackAsync(string feed, params IEnumerable<string> arguments)
    {
        using var job = Job.Start(
            "dotnet", ["pack", Path.Combine(Repository.Root, "src/Orchestrator.MSBuild/Orchestrator.MSBuild.csproj"), "-v", "q", "-nologo", "-o", feed, .. arguments]);
        if (await job.ExitCodeAsync() != 0)
        {
            throw new InvalidOperationException(job.Text);
        }
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
