using System.Diagnostics;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Matrix;

/// <summary>One cell of the matrix: a script is started under a level, ended in a way, and looked for afterwards.</summary>
public sealed class MatrixRun : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "orchestrator");
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();
    private readonly MatrixScript script;
    private readonly MatrixEnd end;
    private readonly string level;
    private readonly TimeSpan? delay;
    private int owner;
    private int? exitCode;

    private MatrixRun(MatrixScript script, MatrixEnd end, string level, TimeSpan? delay) =>
        (this.script, this.end, this.level, this.delay) = (script, end, level, delay);

    private string WorkRoot => directory.Combine("root");

    private string Work => Path.Combine(WorkRoot, "work");

    private string Folder => directory.Combine("folder");

    /// <summary>Runs a cell.</summary>
    /// <param name="script">What is run.</param>
    /// <param name="end">How it is ended.</param>
    /// <param name="level">What contains it.</param>
    /// <param name="delay">How long after its start; null for when it says READY.</param>
    public static async Task<MatrixResult> ExecuteAsync(MatrixScript script, MatrixEnd end, string level, TimeSpan? delay = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(end);
        using var run = new MatrixRun(script, end, level, delay);
        return await run.ExecuteAsync();
    }

    public void Dispose()
    {
        if (owner > 0 && Relatives.IsAlive(owner))
        {
            Signal.Send(owner, Signal.Kill);
        }

        marker.KillAll();
        directory.Dispose();
    }

    /// <summary>The script with its names filled in, and its files in their place.</summary>
    internal static string Prepare(MatrixScript script, Marker marker, string folder, bool exits = false)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in script.Files)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text.Replace("MARK", marker.Seconds, StringComparison.Ordinal));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var quoted = folder.Replace(" ", "\\ ", StringComparison.Ordinal);
        var filled = script.Text.Replace("MARK", marker.Seconds, StringComparison.Ordinal).Replace("FOLDER", quoted, StringComparison.Ordinal);
        return exits ? filled.Replace("echo READY;", "echo READY; exit 3;", StringComparison.Ordinal) : filled;
    }

    private async Task<MatrixResult> ExecuteAsync()
    {
        Directory.CreateDirectory(WorkRoot);
        var text = Prepare(script, marker, Folder, exits: end == MatrixEnd.Leftovers);
        var problems = new List<string>();
        long ended;
        try
        {
            ended = end == MatrixEnd.Token || end == MatrixEnd.Timeout ? await EndByLibraryAsync(text)
                : end == MatrixEnd.TerminalClosed ? await EndByTerminalAsync(text)
                : await EndByOwnerAsync(text);
        }
        catch (TimeoutException exception)
        {
            return new([exception.Message, .. marker.Alive()], TimeSpan.MaxValue);
        }

        if (end == MatrixEnd.AllKilled && level != "namespace")
        {
            // Nothing of ours was left: the next start ends what it left.
            await SweepAsync();
        }

        // Who was killed cannot wait for the supervisor's end; whoever returns has waited.
        if (exitCode is null)
        {
            await UntilGoneAsync();
        }

        var took = Stopwatch.GetElapsedTime(ended);
        if (end == MatrixEnd.AllKilled && level == "namespace")
        {
            await SweepAsync();
        }

        if (!(script.HidesFromOwner && level == "supervised" && (end == MatrixEnd.AllKilled || end == MatrixEnd.SupervisorKilled)))
        {
            problems.AddRange(marker.Alive());
        }

        problems.AddRange(LeftDirectories().Select(path => $"not removed: {path}"));

        if (delay is null && end.ExitCode is { } expected && exitCode is { } actual && actual != expected)
        {
            problems.Add($"the owner exited with {actual} instead of {expected}");
        }

        return new(problems, took);
    }

    // One that a keeper was killed in the middle of making holds nothing.
    private List<string> LeftDirectories() =>
        [.. Directory.EnumerateDirectories(WorkRoot).Where(path => Directory.EnumerateFileSystemEntries(path).Any())];

    private async Task<long> EndByLibraryAsync(string text)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancel = new CancellationTokenSource();
        var command = SupervisedCommand.Create("bash", "-c", text)
            .WithEnvironmentVariable("TEST_MARK", marker.Seconds)
            .WithContainment(Enum.Parse<Containment>(level, ignoreCase: true))
            .WithWorkDirectory(Work, WorkDirectoryRemoval.Always)
            .WithStandardOutput(line => _ = line == "READY" && ready.TrySetResult());
        if (end == MatrixEnd.Timeout)
        {
            // The only end that comes by itself: it can land before the script is ready, too.
            var limit = delay ?? TimeSpan.FromMilliseconds(400);
            var began = Stopwatch.GetTimestamp();
            exitCode = (await command.WithTimeout(limit).RunAsync(CancellationToken.None).WaitAsync(Deadline + limit)).ExitCode;
            return began + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        }

        var run = command.RunAsync(cancel.Token);
        await UntilDueAsync(ready.Task);
        var now = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        try
        {
            exitCode = (await run.WaitAsync(Deadline)).ExitCode;
        }
        catch (RunCanceledException exception)
        {
            exitCode = exception.Result.ExitCode;
        }
        catch (OperationCanceledException)
        {
            exitCode = MatrixEnd.Token.ExitCode; // before anything was started
        }

        return now;
    }

    private async Task<long> EndByOwnerAsync(string text)
    {
        string[] words = end == MatrixEnd.AllKilled ? [.. KeepingOwner.CommandLine(level, text)] : [Program, .. Arguments(text)];
        var start = end == MatrixEnd.ParentKilled
            ? new ProcessStartInfo("setsid", ["bash", "-c", "pid=$1; shift; \"$@\" & echo $! >\"$pid.new\"; mv \"$pid.new\" \"$pid\"; wait", "bash", directory.Combine("pid"), .. words])
            : new ProcessStartInfo("setsid", words);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        SetEnvironment(start.Environment);
        start.Environment["CI"] = end == MatrixEnd.ParentKilled ? "true" : "";
        using var process = Process.Start(start)!;
        owner = process.Id;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => _ = line.Data == "READY" && ready.TrySetResult();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (end == MatrixEnd.ParentKilled)
        {
            await Eventually.IsTrueAsync(() => File.Exists(directory.Combine("pid")), "the owner was started");
            owner = int.Parse(await File.ReadAllTextAsync(directory.Combine("pid")), System.Globalization.CultureInfo.InvariantCulture);

            // An owner whose parent is gone before it has looked for one has none, like every daemon.
            await Eventually.IsTrueAsync(() => Supervisors().Count > 0, "the owner knows its parent");
        }

        if (end == MatrixEnd.GroupKilled)
        {
            await Eventually.IsTrueAsync(() => Signal.Relations(owner)?.Group == owner, "the owner leads a group");
        }

        await UntilDueAsync(Task.WhenAny(ready.Task, process.WaitForExitAsync()));
        var now = Stopwatch.GetTimestamp();
        Abort(process);
        await Eventually.IsTrueAsync(() => !Relatives.IsAlive(owner), "the owner ended");
        if (end != MatrixEnd.ParentKilled && end != MatrixEnd.OwnerKilled && end != MatrixEnd.GroupKilled && end != MatrixEnd.AllKilled)
        {
            await Eventually.IsTrueAsync(() => process.HasExited, "the owner's exit code is known");
            exitCode = process.ExitCode;
        }

        return now;
    }

    // When it is to be ended: after the delay that was asked for, or when the script is ready.
    private async Task UntilDueAsync(Task ready)
    {
        if (delay is { } wait)
        {
            await Task.Delay(wait); // there is no event: any moment is what is wanted
            return;
        }

        await ready.WaitAsync(Deadline);
        await Eventually.IsTrueAsync(() => script.Busy is not { } busy || marker.Has(busy), $"{script.Busy} runs");
    }

    private void Abort(Process process)
    {
        switch (end.Name)
        {
            case "SIGINT": Signal.Send(owner, Signal.Int); break;
            case "SIGTERM": Signal.Send(owner, Signal.Term); break;
            case "SIGHUP": Signal.Send(owner, Signal.Hup); break;
            case "SIGQUIT": Signal.Send(owner, Signal.Quit); break;
            case "owner killed": Signal.Send(owner, Signal.Kill); break;
            case "owner's group killed": Signal.SendToGroup(owner, Signal.Kill); break;
            case "owner's parent killed, CI=true": Signal.Send(process.Id, Signal.Kill); break;
            case "supervisor killed" when Supervisors() is { Count: > 0 } supervisors:
                Signal.Send(supervisors[0], Signal.Kill);
                break;
            case "supervisor killed": Signal.Send(owner, Signal.Term); break; // there was none yet
            case "supervisor, keeper and owner killed":
                // Stopped first, so that the one cannot act on the death of the other.
                Signal.Send(owner, Signal.Stop);
                foreach (var supervisor in Supervisors())
                {
                    Signal.Send(supervisor, Signal.Kill);
                }

                Signal.Send(owner, Signal.Kill);
                break;
        }
    }

    private IReadOnlyList<int> Supervisors() => Relatives.Children(owner, "orchestrator-su");

    private async Task<long> EndByTerminalAsync(string text)
    {
        var terminal = new Terminal();
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", "p=$1; shift; exec setsid -c \"$@\" <\"$p\" >\"$p\" 2>&1", "bash", terminal.Path, Program, .. Arguments(text)]);
            SetEnvironment(start.Environment);
            using var process = Process.Start(start)!;
            owner = process.Id;
            await UntilDueAsync(delay is null ? Task.Run(() => terminal.WaitFor("READY")) : Task.CompletedTask);
            var now = Stopwatch.GetTimestamp();
            terminal.Dispose();
            await Eventually.IsTrueAsync(() => process.HasExited, "the owner ended");
            exitCode = process.ExitCode;
            return now;
        }
        finally
        {
            terminal.Dispose();
        }
    }

    private string[] Arguments(string text) =>
        ["run", "--containment", level, "--work-dir", Work, "--remove-work-dir", "always", "--", "bash", "-c", text];

    private void SetEnvironment(IDictionary<string, string?> environment)
    {
        environment["ORCHESTRATOR_WORK"] = WorkRoot;
        environment["TEST_MARK"] = marker.Seconds;
        environment["CI"] = "";
    }

    // One that was only just being started was not among the killed: it holds its directory until it has seen that its owner is gone.
    private async Task SweepAsync()
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            await SweepOnceAsync();
        }
        while (LeftDirectories().Count > 0 && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
    }

    private async Task SweepOnceAsync()
    {
        var start = new ProcessStartInfo(Program, ["sweep"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ORCHESTRATOR_WORK"] = WorkRoot;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync().WaitAsync(Deadline);
    }

    private async Task UntilGoneAsync()
    {
        try
        {
            await Eventually.IsTrueAsync(() => (marker.Alive().Count == 0 || Hides()) && (LeftDirectories().Count == 0 || end == MatrixEnd.AllKilled), () => "", TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            // Told by whoever asked.
        }

        bool Hides() => script.HidesFromOwner && level == "supervised" && end == MatrixEnd.AllKilled;
    }
}

/// <summary>What became of a cell.</summary>
/// <param name="Problems">What was left or wrong; empty if it is clean.</param>
/// <param name="Took">From the end that was given to it until nothing was left.</param>
public sealed record MatrixResult(IReadOnlyList<string> Problems, TimeSpan Took);
