using System.Diagnostics;
using System.Globalization;
using Orchestrator.Matrix.Runners;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>Runs one script under one runner, ends it in one way, and looks whether the runner came back and nothing was left.</summary>
internal static class Contest
{
    /// <summary>The ways to end, in the order of the table.</summary>
    internal static IReadOnlyList<string> Ends { get; } = ["SIGINT", "SIGTERM", "SIGKILL", "timeout"];

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(2); // for a runner that was killed, and what it had others do
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromSeconds(2); // enough for a script to get ready

    /// <returns>Why it is not clean; null if it is.</returns>
    /// <exception cref="TimeoutException">The script did not even begin.</exception>
    internal static async Task<string?> TryAsync(Runner runner, MatrixScript script, string end)
    {
        var marker = new Marker();
        using var directory = new TestDirectory();
        var file = directory.Write("script", MatrixRun.Prepare(script, marker, directory.Combine("folder")));
        var words = runner.CommandLine(file, end == "timeout" ? ScriptTimeout : null);

        // All of it inside a run, which ends what the runner leaves. The runner knows nothing of that, and the mark, by
        // which its processes are found, is only on itself and what it starts. What bash starts with & ignores SIGINT.
        var supervise = Supervise.CommandLine();
        var start = new ProcessStartInfo(
            supervise[0],
            [
                .. supervise.Skip(1), "--grace=0", "--stdin=inherit", "--", "bash", "-c",
                "mark=$(cat \"$1\"); shift; TEST_MARK=$mark setsid env --default-signal=INT,QUIT -u ORCHESTRATOR_RUN -u ORCHESTRATOR_GRACE_MS \"$@\" & echo $!; read",
                "bash", directory.Write("mark", marker.Seconds), .. words,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CI"] = "";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["ORCHESTRATOR_WORK"] = directory.Combine("work");
        using var outer = Process.Start(start)!;
        try
        {
            outer.ErrorDataReceived += (_, _) => { };
            outer.BeginErrorReadLine();
            var pid = int.Parse((await outer.StandardOutput.ReadLineAsync().WaitAsync(ReadyLimit))!, CultureInfo.InvariantCulture);
            await ReadyAsync(outer.StandardOutput).WaitAsync(ReadyLimit);
            _ = outer.StandardOutput.ReadToEndAsync();
            await HappensAsync(() => script.Busy is not { } busy || marker.Has(busy), ReadyLimit);
            switch (end)
            {
                case "SIGINT": Signal.Send(pid, Signal.Int); break;
                case "SIGTERM": Signal.Send(pid, Signal.Term); break;
                case "SIGKILL": Signal.Send(pid, Signal.Kill); break;
            }

            var returned = await HappensAsync(() => !Relatives.IsAlive(pid), end == "timeout" ? ScriptTimeout + ReturnLimit : ReturnLimit);
            return !returned ? "it does not return"
                : await HappensAsync(() => marker.Pids().Count == 0, SettleLimit) ? null
                : $"alive: {string.Join(", ", marker.Alive().Take(5))}";
        }
        finally
        {
            Signal.Send(outer, Signal.Term);
            await outer.WaitForExitAsync();
        }
    }

    // MSBuild indents what it shows.
    private static async Task ReadyAsync(StreamReader reader)
    {
        while ((await reader.ReadLineAsync())?.Trim() is not (null or "READY"))
        {
        }
    }

    private static async Task<bool> HappensAsync(Func<bool> condition, TimeSpan limit)
    {
        try
        {
            await Eventually.IsTrueAsync(condition, () => "", limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
