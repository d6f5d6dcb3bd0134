using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Orchestrator.Processes.Windows.WorkDirectories;
using Orchestrator.Supervisor;

namespace Orchestrator.Keeper;

/// <summary>
/// Holds a work directory for as long as its owner lives. Started outside of every job that the owner makes, it outlives the
/// owner, and then removes the directory; or when the owner says so.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class DirectoryKeeper : IDisposable
{
    private const int OwnerEndedStatus = 143;
    private const int FailedStatus = 125;
    private const int LookEvery = 20; // ms: the end of another's hold cannot be waited for
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // what was in the owner's jobs ends with the owner
    private readonly HeldDirectory directory;
    private readonly TaskCompletionSource<string> order = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <exception cref="Supervisor.WorkDirectories.WorkDirectoryRefusedException">The directory cannot be held.</exception>
    internal DirectoryKeeper(string path, string run) => directory = HeldDirectory.Claim(path, run);

    /// <summary>Prints an event line, in the form of the supervisor's.</summary>
    internal static void Tell(string name, Action<JsonLine> fields)
    {
        var line = new JsonLine();
        line.Begin();
        line.WriteString("event", name);
        line.WriteNumber("time", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        fields(line);
        line.End();
        try
        {
            using var output = Console.OpenStandardOutput();
            output.Write(line.Written);
        }
        catch (IOException)
        {
            // The owner has ended: nobody reads.
        }
    }

    /// <summary>Waits, and does what is to be done then.</summary>
    /// <param name="owner">PID of the owner.</param>
    /// <param name="start">When it was created (FILETIME, UTC), so that a PID that was given away cannot deceive.</param>
    /// <returns>0 when it was told to end, 143 when the owner ended, 125 if the directory could not be removed.</returns>
    internal int Execute(int owner, long start)
    {
        using var process = Find(owner, start);
        if (process is null)
        {
            order.TrySetResult("");
        }
        else
        {
            process.EnableRaisingEvents = true;
            process.Exited += (_, _) => order.TrySetResult("");
            if (process.HasExited)
            {
                order.TrySetResult("");
            }
        }

        Tell("started", json =>
        {
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteNumber("pgid", 0);
            json.WriteString("containment", "auto");
            json.WriteString("run", directory.Run);
        });
        var reader = new Thread(ReadOrder) { IsBackground = true, Name = "Orders" };
        reader.Start();
        switch (order.Task.GetAwaiter().GetResult())
        {
            case "remove": return Remove() ? 0 : FailedStatus;
            case "release": directory.Release(); return 0;
            case "leave": return 0;
            default: return Remove() ? OwnerEndedStatus : FailedStatus;
        }
    }

    public void Dispose() => directory.Dispose();

    private static Process? Find(int owner, long start)
    {
        try
        {
            var process = Process.GetProcessById(owner);
            if (process.StartTime.ToFileTimeUtc() == start)
            {
                return process;
            }

            process.Dispose();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }

        return null;
    }

    // The end of the pipe is the end of the owner, too.
    private void ReadOrder()
    {
        try
        {
            order.TrySetResult(Console.In.ReadLine() ?? "");
        }
        catch (IOException)
        {
            order.TrySetResult("");
        }
    }

    private bool Remove()
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!directory.TryHoldExclusively())
        {
            if (Environment.TickCount64 > deadline)
            {
                return Fail($"{directory.Path}: a process still uses it");
            }

            // Windows tells nobody when somebody else closes a file.
            Thread.Sleep(LookEvery);
        }

        var problems = directory.Remove();
        if (problems.Count > 0)
        {
            return problems.Aggregate(false, (_, problem) => Fail(problem));
        }

        Tell("work-dir-removed", json => json.WriteString("path", directory.Path));
        return true;
    }

    private static bool Fail(string problem)
    {
        Tell("failed", json => json.WriteString("message", $"not removed: {problem}"));
        return false;
    }
}
