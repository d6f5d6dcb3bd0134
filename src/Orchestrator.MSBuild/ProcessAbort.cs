using System.Runtime.InteropServices;
using Microsoft.Build.Execution;
using Microsoft.Build.Framework;

namespace Orchestrator.MSBuild;

/// <summary>
/// Signals to the process that our tasks run in. MSBuild cancels a build on SIGINT alone; on SIGTERM the dotnet CLI exits with
/// status 0, and on SIGHUP it dies, and what its tasks had started lives on. While one of our tasks runs, each of them ends the
/// build as Ctrl+C does. With none running, nothing is different.
/// </summary>
internal static class ProcessAbort
{
    private const int Interrupt = 2; // SIGINT
    private const int SecondSignalAfter = 200; // ms; shells and CI runners often send two for one abort
    private static readonly Lock Gate = new();
    private static readonly HashSet<AbortSource> Running = [];
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10); // of a build whose tasks have ended
    private static readonly ManualResetEventSlim Idle = new(initialState: true);
    private static readonly ManualResetEventSlim Exiting = new();
    private static long firstAt;
    private static int signal;

    /// <summary>What a cancelled run's exit code is: 128 + the signal that cancelled it.</summary>
    internal static int ExitCode => 128 + (Signal ?? Interrupt);

    private static int? Signal => Volatile.Read(ref signal) is > 0 and var received ? received : null;

    internal static IDisposable Register(AbortSource task, IBuildEngine4 engine)
    {
        BuildEnd.Watch(engine);
        lock (Gate)
        {
            if (Registrations.Count == 0)
            {
                Listen();
            }

            Running.Add(task);
            Idle.Reset();
            if (Signal is not null && BuildOwners.IsEntry)
            {
                task.Cancel(); // the build is being aborted: nothing new starts in it
            }
        }

        return new Registration(task);
    }

    private static void Listen()
    {
        BuildOwners.Use();
        foreach (var (posix, number) in new[] { (PosixSignal.SIGINT, Interrupt), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3) })
        {
            Registrations.Add(PosixSignalRegistration.Create(posix, context =>
            {
                context.Cancel = Abort(number) || context.Cancel;
                if (posix is PosixSignal.SIGTERM or PosixSignal.SIGQUIT)
                {
                    HoldUntilExit();
                }
            }));
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => Exit();
    }

    // Whether it is ours to handle.
    private static bool Abort(int number)
    {
        List<AbortSource> tasks;
        bool again;
        lock (Gate)
        {
            if (Running.Count == 0)
            {
                return false;
            }

            var now = Environment.TickCount64;
            again = signal != 0 && now - firstAt >= SecondSignalAfter;
            if (signal == 0)
            {
                (signal, firstAt) = (number, now);
            }

            tasks = [.. Running];
        }

        foreach (var task in tasks)
        {
            if (again)
            {
                task.Kill();
            }
            else
            {
                task.Cancel();
            }
        }

        if (!again && number != Interrupt && BuildOwners.IsEntry)
        {
            BuildManager.DefaultBuildManager.CancelAllSubmissions(); // what MSBuild itself does on SIGINT
        }

        return true;
    }

    // Handlers that come after ours end the process: the dotnet CLI's on SIGTERM, with status 0, that of the console on SIGQUIT.
    // Main returns at the same time, and the last one to set the exit code wins. So they are not reached, and Exit() comes after
    // Main. Each of these signals has a thread of its own, so that a second one gets through.
    private static void HoldUntilExit()
    {
        if (Signal is null || !BuildOwners.IsEntry)
        {
            return;
        }

        Idle.Wait();
        if (BuildEnd.Reached.Wait(LongestEnd) && Exiting.Wait(LongestEnd))
        {
            Thread.Sleep(Timeout.Infinite); // in the background: the process ends all the same
        }
    }

    private static void Exit()
    {
        Exiting.Set();
        List<AbortSource> tasks;
        lock (Gate)
        {
            tasks = [.. Running];
        }

        tasks.ForEach(task => task.Cancel());
        Idle.Wait();
        if (BuildOwners.IsEntry && Signal is { } received && (received != Interrupt || tasks.Count > 0))
        {
            Environment.ExitCode = 128 + received;
        }
    }

    private sealed class Registration(AbortSource task) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                if (Running.Remove(task) && Running.Count == 0)
                {
                    Idle.Set();
                    if (!BuildOwners.IsEntry)
                    {
                        signal = 0; // a node that is used again
                    }
                }
            }
        }
    }
}
