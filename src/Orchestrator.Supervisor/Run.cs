using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.WorkDirectories;
using Tmds.Linux;

namespace Orchestrator.Supervisor;

/// <summary>One supervised execution of one command, from its start until nothing of it is alive.</summary>
internal sealed class Run : IDisposable
{
    private const int LeftoversStatus = 120;
    private const int TimedOutStatus = 124;
    private const int LookAgainAfter = 20; // ms
    private const int SettleTime = 200; // ms
    private const int OwnerGoneStatus = 128 + Signals.Term;
    private readonly Options options;
    private readonly EventWriter events;
    private readonly Waiter waiter;
    private readonly CommandInput input;
    private readonly ClaimedDirectory? workDirectory;
    private readonly string id;
    private readonly List<FileDescriptor> reserve = [];
    private ProcessHandle? leaderEnd;

    internal Run(Options options, CommandInput input, EventWriter events, Waiter waiter)
    {
        this.options = options;
        this.input = input;
        this.events = events;
        this.waiter = waiter;

        // Ending a run must be possible when no descriptor can be had any more.
        for (var i = 0; i < 4; i++)
        {
            reserve.Add(SystemCalls.CreateEvent());
        }

        id = RunId.Create();
        workDirectory = options.WorkDirectory is { } path ? ClaimedDirectory.Claim(path, id) : null;
    }

    /// <returns>The exit status.</returns>
    internal int Execute()
    {
        if (waiter.OwnerIsGone)
        {
            events.Cancelling("owner", 0, options.Signal);
            return Finish(OwnerGoneStatus, cancelled: true, survived: false);
        }

        RunMembers started;
        try
        {
            started = Start();
        }
        catch (Exception exception) when (exception is CommandException or ContainmentException && workDirectory is not null && options.Removal == Removal.Always)
        {
            _ = Remove(workDirectory);
            throw;
        }

        using var members = started;
        using var ending = new RunEnding(members, waiter, events, options);
        try
        {
            leaderEnd = members.Notice is null ? ProcessHandle.Open(members.Leader) : null;
            var timedOut = WaitForCommand(members);
            return members.LeaderExit is { } exit && Cause(timedOut) is null
                ? AfterExit(exit, members, ending)
                : Cancelled(Cause(timedOut)!.Value, ending);
        }
        catch (Exception)
        {
            // No descriptors or no memory left, for example: whatever it is, nothing may live on.
            reserve.ForEach(descriptor => descriptor.Dispose());
            if (!ending.KillAtAnyPrice() && workDirectory is not null && options.Removal != Removal.Never)
            {
                _ = Remove(workDirectory);
            }

            throw;
        }
    }

    public void Dispose()
    {
        reserve.ForEach(descriptor => descriptor.Dispose());
        leaderEnd?.Dispose();
        workDirectory?.Dispose();
    }

    private RunMembers Start()
    {
        if (options.Directory is { } directory && !System.IO.Directory.Exists(directory))
        {
            throw new CommandException(CommandException.SupervisorFailed, $"the directory '{directory}' does not exist");
        }

        if (options.Umask is { } mask)
        {
            SystemCalls.SetUmask(mask);
        }

        try
        {
            var starter = new RunStarter(options, input, id, waiter);
            var members = starter.Start();
            input.CloseStreams();
            events.Started(members.Leader, members.Leader, starter.Level, id, starter.Fallback);
            return members;
        }
        catch (LinuxException exception)
        {
            throw CommandException.From(options.Command[0], exception);
        }
    }

    /// <returns>Whether it took longer than it may.</returns>
    private bool WaitForCommand(RunMembers members)
    {
        var deadline = options.Timeout is { } timeout ? Environment.TickCount64 + (long)timeout.TotalMilliseconds : long.MaxValue;
        while (Cause(timedOut: false) is null && members.LeaderExit is null)
        {
            // A leader that has ended and is not to be had yet is held by a tracer, which tells nobody when it lets go.
            var isHeld = leaderEnd is { HasEnded: true };
            var look = isHeld ? Environment.TickCount64 + LookAgainAfter : long.MaxValue;
            var next = Math.Min(deadline, look);
            _ = waiter.Wait(next < long.MaxValue ? next : null, isHeld ? null : leaderEnd?.Descriptor, members.Notice);
            if (Environment.TickCount64 >= deadline)
            {
                return true;
            }

            members.ReapOrphans();
        }

        return false;
    }

    private (string Reason, int Status)? Cause(bool timedOut) =>
        waiter.CancelSignal is { } signal ? ("signal", 128 + signal)
        : waiter.OwnerIsGone ? ("owner", OwnerGoneStatus)
        : timedOut ? ("timeout", TimedOutStatus)
        : null;

    private int Cancelled((string Reason, int Status) cause, RunEnding ending)
    {
        var survived = ending.End(cause.Reason);
        return Finish(cause.Status, cancelled: true, survived);
    }

    private int AfterExit(ChildExit exit, RunMembers members, RunEnding ending)
    {
        events.Exited(exit);
        // A look that finds nothing while something lives came between two forks: look again.
        List<ProcessEntry> leftovers = [];
        while (leftovers.Count == 0 && Cause(timedOut: false) is null)
        {
            if (members.IsEmpty() || members.OnlyZombiesAreLeft())
            {
                events.Empty(TimeSpan.Zero, 0);
                return Finish(exit.ShellStatus, cancelled: false, survived: false);
            }

            leftovers = FindLeftovers(members);
            if (leftovers.Count == 0)
            {
                // A fork or an end that we have just missed is told by SIGCHLD, or the word that all is empty is on its way.
                waiter.Wait(Environment.TickCount64 + LookAgainAfter, members.Notice);
            }
        }

        if (Cause(timedOut: false) is { } abort)
        {
            return Cancelled(abort, ending);
        }

        leftovers.ForEach(process => events.Leftover(process, options.Allowed.Contains(process)));
        var unwanted = leftovers.Exists(process => !options.Allowed.Contains(process));
        if (options.Leftovers == LeftoversPolicy.Keep || !unwanted)
        {
            members.Release();
            return Finish(exit.ShellStatus, cancelled: false, survived: false);
        }

        var survived = ending.End("leftovers", options.Allowed);
        if (Cause(timedOut: false) is { } late)
        {
            // An abort ends what was allowed to stay, too.
            return members.IsEmpty() || survived ? Finish(late.Status, cancelled: true, survived) : Cancelled(late, ending);
        }

        if (options.Allowed.Count > 0)
        {
            members.Release();
        }

        return Finish(options.Leftovers == LeftoversPolicy.Fail ? LeftoversStatus : exit.ShellStatus, cancelled: false, survived);
    }

    // A daemon that was started a moment ago can still be the shell that forked it, or the setsid(1) in front of it: what has
    // no name that is allowed is given the time to take one.
    private List<ProcessEntry> FindLeftovers(RunMembers members)
    {
        var leftovers = members.Find();
        var settled = Environment.TickCount64 + SettleTime;
        while (options.Allowed.Count > 0 && leftovers.Exists(process => !options.Allowed.Contains(process))
            && Environment.TickCount64 < settled && Cause(timedOut: false) is null)
        {
            _ = waiter.Wait(Environment.TickCount64 + LookAgainAfter);
            members.ReapOrphans();
            leftovers = members.Find();
        }

        return leftovers;
    }

    private int Finish(int status, bool cancelled, bool survived)
    {
        var (cpuTime, peak) = SystemCalls.ChildrenUsage();
        events.Usage(cpuTime, peak);
        var removed = true;
        if (workDirectory is not null && (options.Removal == Removal.Always || (options.Removal == Removal.Cancelled && cancelled)))
        {
            removed = Remove(workDirectory);
        }

        return survived || !removed ? CommandException.SupervisorFailed : status;
    }

    private bool Remove(ClaimedDirectory directory)
    {
        IReadOnlyList<string> problems = directory.TryLockExclusively()
            ? directory.Remove()
            : [$"{directory.Path}: another process uses it"];
        if (problems.Count == 0)
        {
            events.WorkDirectoryRemoved(directory.Path);
            return true;
        }

        foreach (var problem in problems)
        {
            events.Failed($"not removed: {problem}");
            Diagnostics.Print($"not removed: {problem}");
        }

        return false;
    }
}
