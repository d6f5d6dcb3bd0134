using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>A run of <c>orchestrator.exe</c>, the command line tool with a runtime of its own.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly Process process;
    private readonly Task<string> error;

    private ToolRun(Process process) => (this.process, error) = (process, process.StandardError.ReadToEndAsync());

    internal int Id => process.Id;

    internal static ToolRun Start(IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "orchestrator.exe"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Waits for a line of standard output.</summary>
    internal async Task UntilLineAsync(string line, CancellationToken cancellationToken)
    {
        string? found;
        do
        {
            found = await process.StandardOutput.ReadLineAsync(cancellationToken);
            Assert.True(found is not null, $"it ended before '{line}'");
        }
        while (found != line);
    }

    /// <summary>Waits for its end.</summary>
    internal async Task<(int ExitCode, string Output, string Error)> EndAsync(CancellationToken cancellationToken)
    {
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output, await error);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Snapshot.Terminate(process.Id);
        }

        process.Dispose();
    }
}
