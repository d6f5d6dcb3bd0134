using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;

namespace Orchestrator.Testing;

/// <summary>
/// A build that a test starts and aborts: in a session of its own, with its own work root, output and source cache. Everything
/// that it starts is known by the work root's name, in its environment or its arguments.
/// </summary>
public sealed class Job : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly BlockingCollection<string> unread = [];
    private readonly StringBuilder all = new();
    private int openStreams = 2;

    private Job()
    {
    }

    public Process Process { get; private set; } = null!;

    /// <summary>Where its packages go.</summary>
    public string Output => directory.Combine("out");

    public string WorkRoot => directory.Combine("work");

    /// <summary>Waits until all that it printed is in <see cref="Text"/>: its streams are closed.</summary>
    public Task UntilReadAsync() => Eventually.IsTrueAsync(() => Volatile.Read(ref openStreams) <= 0, () => $"nobody prints any more after:\n{Text}", TimeSpan.FromSeconds(30));

    /// <summary>Everything that it has printed so far.</summary>
    public string Text
    {
        get
        {
            lock (all)
            {
                return all.ToString();
            }
        }
    }

    public static Job Start(string program, params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(), program, arguments);

    public static Job Start(IReadOnlyDictionary<string, string> environment, string program, params IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var job = new Job();
        var start = new ProcessStartInfo("setsid", [program, .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ORCHESTRATOR_WORK"] = job.WorkRoot,
                ["PKGDEST"] = job.Output,
                ["SRCDEST"] = job.directory.Combine("sources"),
                ["ORCHESTRATOR_CACHE"] = job.directory.Combine("builds"),
                ["CI"] = "", // the test runner's shell is no owner of what is aborted here
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        job.Process = Process.Start(start)!;
        job.Process.OutputDataReceived += (_, line) => job.Take(line.Data);
        job.Process.ErrorDataReceived += (_, line) => job.Take(line.Data);
        job.Process.BeginOutputReadLine();
        job.Process.BeginErrorReadLine();
        return job;
    }

    /// <summary>Waits until it prints a line that contains a text.</summary>
    public void WaitForLine(string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            while (!unread.Take(deadline.Token).Contains(text, StringComparison.Ordinal))
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException)
        {
            throw new TimeoutException($"no line with '{text}' in:\n{Text}");
        }
    }

    /// <summary>Waits until one of its processes has a name.</summary>
    public Task WaitForProcessAsync(string name) =>
        Eventually.IsTrueAsync(() => Process.HasExited || Find().Exists(process => process.Name == name), () => $"{name} runs in:\n{Text}", TimeSpan.FromMinutes(3));

    /// <summary>Waits until the dotnet CLI has started what it runs.</summary>
    public Task WaitForChildAsync() =>
        Eventually.IsTrueAsync(() => ProcessTable.All().Exists(process => process.Parent == Process.Id && process.IsAlive), "it has a child");

    /// <summary>Sends it a signal, or to its whole process group.</summary>
    public void Abort(int signal, bool group)
    {
        if (group)
        {
            SystemCalls.SignalGroup(Process.Id, signal);
        }
        else
        {
            SystemCalls.SignalNumber(Process.Id, signal);
        }
    }

    /// <summary>Sends a signal to its only child: what the dotnet CLI runs.</summary>
    public void AbortChild(int signal) =>
        SystemCalls.SignalNumber(ProcessTable.All().Single(process => process.Parent == Process.Id && process.IsAlive).Pid, signal);

    /// <summary>Ends all of it at one moment, as a machine that loses its power does: what would have cleaned up, too.</summary>
    public async Task KillAllAsync()
    {
        await Eventually.IsTrueAsync(
            () =>
            {
                var left = Find();
                left.ForEach(process => SystemCalls.SignalNumber(process.Pid, 9));
                return left.Count == 0;
            },
            "all of the job is gone");
    }

    /// <summary>Waits for the end of the process that was started; its output may be held open by others.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await Eventually.IsTrueAsync(() => Process.HasExited, () => $"the job ended:\n{Text}", TimeSpan.FromMinutes(5));
        return Process.ExitCode;
    }

    /// <summary>What is still alive of it, or left in the work root, after at most <paramref name="limit"/>; empty is what is wanted.</summary>
    public async Task<IReadOnlyList<string>> LeftAfterAsync(TimeSpan limit)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await Eventually.IsTrueAsync(() => Left().Count == 0 || Stopwatch.GetElapsedTime(began) > limit, "what is left can be counted");
        }
        catch (TimeoutException)
        {
            // Told below.
        }

        return Left();
    }

    public void Dispose()
    {
        foreach (var process in Find())
        {
            SystemCalls.SignalNumber(process.Pid, 9);
        }

        Process.Dispose();
        unread.Dispose();
        directory.Dispose();
    }

    private List<string> Left() =>
    [
        .. Find().Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Pid} ({process.Name})")),
        .. Directory.Exists(WorkRoot) ? Directory.EnumerateFileSystemEntries(WorkRoot) : [],
    ];

    private List<ProcessEntry> Find()
    {
        var text = Encoding.UTF8.GetBytes(directory.Path);
        return ProcessTable.All().FindAll(process => process.IsAlive
            && process.Pid != Environment.ProcessId
            && (ProcessTable.Environment(process.Pid, out _).AsSpan().IndexOf(text) >= 0 || HasArgument(process.Pid, text)));
    }

    private static bool HasArgument(int pid, byte[] text) =>
        ProcessTable.ReadFile(LibC.AT_FDCWD, SystemCalls.Encode(FormattableString.Invariant($"/proc/{pid}/cmdline"))) is { } content
        && content.AsSpan().IndexOf(text) >= 0;

    private void Take(string? line)
    {
        try
        {
            if (line is not null)
            {
                lock (all)
                {
                    all.AppendLine(line);
                }

                unread.Add(line);
            }
            else if (Interlocked.Decrement(ref openStreams) == 0)
            {
                unread.CompleteAdding();
            }
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
