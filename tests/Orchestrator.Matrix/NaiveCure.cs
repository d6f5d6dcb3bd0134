using System.Diagnostics;
using System.Globalization;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>Ends a script as people do it before they know better, and tells what is left.</summary>
public static class NaiveCure
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500); // the fixed wait of the cure itself
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>What still lives after it.</summary>
    public static async Task<IReadOnlyList<string>> SurvivorsAsync(MatrixScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var marker = new Marker();
        using var directory = new TestDirectory();
        var text = directory.Write("script", MatrixRun.Prepare(script, marker, directory.Combine("folder")));

        // The script leads a session of its own, in a run that ends whatever the cure leaves: nothing else ends a fork storm.
        // Who starts it carries no marker.
        var supervise = Supervise.CommandLine();
        var start = new ProcessStartInfo(
            supervise[0],
            [.. supervise.Skip(1), "--grace", "0", "--stdin", "inherit", "--", "bash", "-c", "TEST_MARK=$(cat \"$2\") setsid bash -c \"$(cat \"$1\")\" & echo $!; read", "bash", text, directory.Write("mark", marker.Seconds)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var victim = int.Parse((await LineAsync(process))!, CultureInfo.InvariantCulture);
            while (await LineAsync(process) is not (null or "READY"))
            {
            }

            await UntilAsync(() => script.Busy is not { } busy || marker.Has(busy), Deadline);
            if (script.Survives == NaiveKill.Process)
            {
                Signal.Send(victim, Signal.Term);
                await UntilAsync(() => !Relatives.IsAlive(victim), Grace); // one that is deaf, or stopped, does not end at all
                return marker.Alive();
            }

            await UntilAsync(() => marker.Pids().Any(pid => Signal.Relations(pid) is { Group: var group } && group != victim), Deadline);
            Signal.SendToGroup(victim, Signal.Term);
            await UntilAsync(() => !Relatives.IsGroupAlive(victim), Grace);
            Signal.SendToGroup(victim, Signal.Kill);
            await UntilAsync(() => !Relatives.IsGroupAlive(victim), Deadline);

            // Processes that live for a moment each are not seen by every look.
            IReadOnlyList<string> seen = [];
            await UntilAsync(() => (seen = marker.Alive()).Count > 0, TimeSpan.FromSeconds(5));
            return seen;
        }
        finally
        {
            Signal.Send(process, Signal.Term);
            await process.WaitForExitAsync();
        }
    }

    private static Task<string?> LineAsync(Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);

    private static async Task UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        try
        {
            await Eventually.IsTrueAsync(condition, () => "", limit);
        }
        catch (TimeoutException)
        {
            // Whoever asked looks for himself.
        }
    }
}
