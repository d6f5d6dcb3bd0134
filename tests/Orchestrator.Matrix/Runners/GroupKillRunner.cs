using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Matrix.Runners;

/// <summary>
/// What most build tools that care do: a process group of its own (<c>setpgid(2)</c>), SIGTERM to it, 500 ms, SIGKILL to it,
/// and then the end of the output.
/// </summary>
internal sealed class GroupKillRunner() : HostedRunner("group of its own; SIGTERM, 500 ms, SIGKILL to it")
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    internal override string? Problem => Repository.HasTool("perl") ? null : "no perl, which calls setpgid(2) here";

    protected override async Task RunAsync(string file, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("perl", ["-e", "setpgrp(0, 0); exec @ARGV", "bash", file]) { RedirectStandardOutput = true })!;
        var output = CopyAsync(process.StandardOutput);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Signal.SendToGroup(process.Id, Signal.Term);
            await Task.Delay(Grace, CancellationToken.None); // the fixed wait is a part of it
            Signal.SendToGroup(process.Id, Signal.Kill);
        }

        await output;
    }

    private static async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Console.WriteLine(line);
        }
    }
}
