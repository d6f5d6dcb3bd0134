using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>From the start of the command to the end of its last process.</summary>
internal sealed partial class JobRun
{
    private const int LeftoversStatus = 120;
    private const int TimedOutStatus = 124;
    private const int TerminatedStatus = 128 + Signals.Term;
    private const uint KilledStatus = 128 + Signals.Kill; // the exit code of what we end: what a shell says of SIGKILL
    private const int ControlExit = unchecked((int)0xC000013A); // STATUS_CONTROL_C_EXIT
    private const int LookEvery = 250; // ms, while a run is being ended: "messages are not guaranteed", says the documentation of jobs
    private bool commandEnded;
    private bool cancelled;
    private bool killAsked;
    private bool ownerEnded;
    private bool killedAll;
    private bool exitTold;

    /// <returns>The exit status of the run.</returns>
    private int Supervise(ContainedProcess command)
    {
        long? deadline = options.Timeout is { } timeout ? Environment.TickCount64 + (long)timeout.TotalMilliseconds : null;
        var timedOut = !WaitUntil(() => commandEnded || Cause is not null, deadline, look: false);
        var status = Cause is { } cause ? Abort(command, cause.Reason, cause.Status)
            : timedOut ? Abort(command, RunEnd.TimedOut, TimedOutStatus)
            : AfterExit(command);
        Tell(new RunEvent.Usage(Now, job.CpuTime, job.PeakProcessMemory));
        return status;
    }

    private (RunEnd Reason, int Status)? Cause => cancelled ? (RunEnd.Cancelled, TerminatedStatus)
        : ownerEnded ? (RunEnd.OwnerExited, TerminatedStatus)
        : null;

    private int Abort(ContainedProcess command, RunEnd reason, int status) =>
        End(command, reason, _ => true) ? status : CommandException.SupervisorFailed;

    private int AfterExit(ContainedProcess command)
    {
        var status = TellExit(command);
        var leftovers = Members();
        if (leftovers.Count == 0)
        {
            Tell(new RunEvent.Empty(Now, TimeSpan.Zero, 0));
            return status;
        }

        foreach (var leftover in leftovers)
        {
            Tell(new RunEvent.LeftOver(Now, new(leftover.Id, leftover.Name)) { IsAllowed = IsAllowed(leftover) });
        }

        if (options.Leftovers == Supervisor.LeftoversPolicy.Keep || leftovers.All(IsAllowed))
        {
            job.Release();
            return status;
        }

        var isEmpty = End(command, RunEnd.Leftovers, member => !IsAllowed(member));
        if (Cause is { } late)
        {
            return Abort(command, late.Reason, late.Status); // ends what was allowed to stay, too
        }

        if (Members().Any(IsAllowed))
        {
            job.Release();
        }

        return !isEmpty ? CommandException.SupervisorFailed : options.Leftovers == Supervisor.LeftoversPolicy.Fail ? LeftoversStatus : status;
    }

    /// <summary>Asks all to end, waits until none is left or the grace period is over, and ends the rest.</summary>
    /// <returns>Whether nothing that is meant is left.</returns>
    private bool End(ContainedProcess command, RunEnd reason, Func<JobMember, bool> isMeant)
    {
        var start = Environment.TickCount64;
        var killed = 0;
        Tell(new RunEvent.Cancelling(Now, reason, command.Id, Signals.Name(options.Signal)));
        if (!killAsked && Ask(command, isMeant) is var asked and > 0)
        {
            Tell(new RunEvent.Signalled(Now, reason, Signals.Name(options.Signal), command.Id, asked));
            _ = WaitUntil(() => killAsked || !AnyIsLeft(isMeant), start + (long)NestedGrace.Limit(options.Grace).TotalMilliseconds);
        }

        if (AnyIsLeft(isMeant))
        {
            killed = Kill(command, reason, isMeant);
        }

        var survivors = WaitUntil(() => !AnyIsLeft(isMeant, killWhatIsNew: true), Environment.TickCount64 + (long)options.KillWait.TotalMilliseconds)
            ? []
            : Members().Where(isMeant).ToList();
        if (commandEnded || Kernel32.WaitForSingleObject(command.Handle, 0) == 0)
        {
            TellExit(command);
        }

        survivors.ForEach(survivor => Tell(new RunEvent.Survived(Now, new(survivor.Id, survivor.Name))));
        if (survivors.Count == 0)
        {
            Tell(new RunEvent.Empty(Now, TimeSpan.FromMilliseconds(Environment.TickCount64 - start), killed));
        }

        return survivors.Count == 0;
    }

    // How many could be asked: nobody can answer who was not, so that there is nothing to wait for then.
    private int Ask(ContainedProcess command, Func<JobMember, bool> isMeant)
    {
        var members = Members().Where(isMeant).Select(member => member.Id).ToHashSet();
        var withWindows = ProgramWindows.Close(members);
        return ConsoleBreak.Send(command.Id, members) ? members.Count : withWindows.Count;
    }

    private int Kill(ContainedProcess command, RunEnd reason, Func<JobMember, bool> isMeant)
    {
        var members = Members();
        var meant = members.Count(isMeant);
        if (meant == members.Count)
        {
            killedAll = true;
            job.Terminate(KilledStatus); // in one step, with whatever they start meanwhile
        }

        Tell(new RunEvent.Signalled(Now, reason, "KILL", command.Id, meant));
        return meant;
    }

    // Of what is not alone in the job, each must be ended by itself, and again what has been started meanwhile.
    private bool AnyIsLeft(Func<JobMember, bool> isMeant, bool killWhatIsNew = false)
    {
        if (job.ActiveProcesses == 0)
        {
            return false;
        }

        var left = Members().Where(isMeant).ToList();
        if (killWhatIsNew && !killedAll)
        {
            left.ForEach(member => member.Terminate(job, KilledStatus));
        }

        return left.Count > 0;
    }

    private List<JobMember> Members() => [.. JobMember.Of(job).Where(member => member.IsOfCommand)];

    private bool IsAllowed(JobMember member) => options.Allowed.Contains(member.Name);

    private int TellExit(ContainedProcess command)
    {
        var code = command.ExitCode;
        var signal = killedAll && code == KilledStatus ? "KILL"
            : code == ControlExit ? (Cause is null && !exitTold ? Signals.Name(Signals.Int) : Signals.Name(options.Signal))
            : null;
        if (!exitTold)
        {
            exitTold = true;
            Tell(new RunEvent.Exited(Now, signal is null ? code : null, signal));
        }

        return signal is null ? code : 128 + Signals.Parse(signal)!.Value;
    }

    /// <summary>Waits for events until something holds.</summary>
    /// <param name="done">What is to hold.</param>
    /// <param name="deadline">Until when, as <see cref="Environment.TickCount64"/>; null for ever.</param>
    /// <param name="look">Whether to look now and then without an event: where only messages of the job tell.</param>
    /// <returns>False if the deadline came first.</returns>
    private bool WaitUntil(Func<bool> done, long? deadline, bool look = true)
    {
        while (!done())
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0)
            {
                return false;
            }

            Take(port.Wait(look ? Math.Min(left ?? LookEvery, LookEvery) : left));
            while (port.Wait(0) is not RunNotice.None and var next)
            {
                Take(next); // a hundred ends are looked at once
            }
        }

        return true;
    }

    private void Take(RunNotice notice)
    {
        switch (notice)
        {
            case RunNotice.CommandEnded: commandEnded = true; break;
            case RunNotice.Cancel: cancelled = true; break;
            case RunNotice.Kill: cancelled = killAsked = true; break;
            case RunNotice.OwnerEnded: ownerEnded = true; break;
        }
    }
}
