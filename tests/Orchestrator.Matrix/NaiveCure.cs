using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>Ends a script as people do it before they know better, and tells what is left.</summary>
public static class NaiveCure
{
    /// <summary>What still lives after it.</summary>
    public static async Task<IReadOnlyList<string>> SurvivorsAsync(MatrixScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        var marker = new Marker();
        using var directory = new TestDirectory();
        var text = MatrixRun.Prepare(script, marker, directory.Combine("folder"));
        var start = new ProcessStartInfo("setsid", ["bash", "-c", text]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TEST_MARK"] = marker.Seconds;
        using var process = Process.Start(start)!;
        try
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            }
            while (line is not null and not "READY");
            if (script.Survives == NaiveKill.Process)
            {
                Signal.Send(process, Signal.Term);
                await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(500)); // one that is deaf, or stopped, does not end at all
                return marker.Alive();
            }

            await Eventually.IsTrueAsync(
                () => marker.Pids().Any(pid => Signal.Relations(pid) is { Group: var group } && group != process.Id), "something has left the group");
            Signal.SendToGroup(process.Id, Signal.Term);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(500)); // the fixed wait of the cure itself
            Signal.SendToGroup(process.Id, Signal.Kill);
            await Eventually.IsTrueAsync(() => !Relatives.IsGroupAlive(process.Id), "the group is gone");
            return await LookAsync(marker);
        }
        finally
        {
            await EndAsync(marker);
        }
    }

    // Processes that live for a moment each are not seen by every look.
    private static async Task<IReadOnlyList<string>> LookAsync(Marker marker)
    {
        IReadOnlyList<string> seen = [];
        try
        {
            await Eventually.IsTrueAsync(() => (seen = marker.Alive()).Count > 0, () => "", TimeSpan.FromSeconds(5));
        }
        catch (TimeoutException)
        {
            // None.
        }

        return seen;
    }

    // A storm is not ended by one look.
    private static async Task EndAsync(Marker marker) =>
        await Eventually.IsTrueAsync(
            () =>
            {
                marker.Stop();
                marker.KillAll();
                return marker.Alive().Count == 0;
            },
            "the test's own processes are gone");
}
