using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>Installs the tool, once for all tests.</summary>
public sealed class ToolFixture : IAsyncLifetime
{
    private readonly TestDirectory directory = new();

    internal static string Program { get; private set; } = "";

    public async ValueTask InitializeAsync() => Program = await InstalledTool.CreateAsync(directory.Path);

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
