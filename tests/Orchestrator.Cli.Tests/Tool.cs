using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>Starts the tool as a user does, and waits for its end.</summary>
internal static class Tool
{
    /// <summary>The installed tool.</summary>
    internal static string Program => ToolFixture.Program;

    /// <summary>The one for <c>dotnet</c>, which machines have that the native one was not made for.</summary>
    internal static string Managed { get; } = Path.Combine(AppContext.BaseDirectory, "orchestrator");

    internal static async Task<(int ExitCode, string Text)> RunAsync(params IEnumerable<string> arguments)
    {
        using var job = Job.Start(Program, arguments);
        await job.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (job.Process.ExitCode, job.Text);
    }
}
