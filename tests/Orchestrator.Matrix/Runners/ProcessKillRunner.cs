using System.Diagnostics;

namespace Orchestrator.Matrix.Runners;

/// <summary>.NET's own way: <see cref="Process.Kill(bool)"/> of the whole tree.</summary>
internal sealed class ProcessKillRunner() : HostedRunner("`Process.Kill(entireProcessTree: true)`")
{
    protected override async Task RunAsync(string file, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [file]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, line) => Console.WriteLine(line.Data);
        process.BeginOutputReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
