using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orchestrator.Supervisor.MacOS;

/// <summary>
/// One run at the level <c>group</c>, the only one on macOS: there is nobody who adopts what leaves the group. The leader is
/// not waited for before its group has been signalled for the last time: as long as it is a zombie its number is its own.
/// </summary>
[SupportedOSPlatform("macos")]
internal sealed class GroupRun
{
    private const int OwnerGoneStatus = 128 + Signals.Term;
    private const int TimedOutStatus = 124;
    private const int LeftoversStatus = 120;
    private readonly Options options;
    private readonly EventQueue queue = new();
    private readonly HashSet<int> watched = [];
    private readonly HashSet<int> owners = [];
    private volatile int cancelSignal;
    private bool ownerIsGone;
    private bool leaderHasEnded;

    internal GroupRun(Options options) => this.options = options;

    /// <returns>The exit status, as everywhere.</returns>
    /// <exception cref="CommandException">The command cannot be started, or something is asked for that there is not.</exception>
    internal int Execute()
    {
        Refuse(options);
        using var term = Listen(PosixSignal.SIGTERM, Signals.Term);
        using var interrupt = Listen(PosixSignal.SIGINT, Signals.Int);
        using var hangUp = Listen(PosixSignal.SIGHUP, Signals.Hup);
        using var quit = Listen(PosixSignal.SIGQUIT, Signals.Quit);
        WatchOwners();
        var group = GroupSpawn.Start(options);
        leaderHasEnded = !queue.WatchEnd(group);
        long? deadline = options.Timeout is { } timeout ? Environment.TickCount64 + (long)timeout.TotalMilliseconds : null;
        var inTime = WaitUntil(group, () => leaderHasEnded || Cause is not null, deadline);
        var cause = Cause ?? (inTime ? null : TimedOutStatus);
        var leftovers = cause is null ? GroupMember.Of(group) : [];
        leftovers.RemoveAll(member => member.Id == group);
        var keep = cause is null && (options.Leftovers == LeftoversPolicy.Keep || leftovers.TrueForAll(IsAllowed));
        var survivors = keep ? [] : End(group);
        var status = Reap(group);
        survivors.ForEach(survivor => Diagnostics.Print($"{survivor.Id} ({survivor.Name}) outlived SIGKILL"));
        return survivors.Count > 0 ? CommandException.SupervisorFailed
            : cause ?? (!keep && options.Leftovers == LeftoversPolicy.Fail ? LeftoversStatus : status);
    }

    private int? Cause => cancelSignal != 0 ? 128 + cancelSignal : ownerIsGone ? OwnerGoneStatus : null;

    private static void Refuse(Options options)
    {
        var refused = options.WorkDirectory is not null ? "--work-dir"
            : options.Events.Count > 0 ? "--events"
            : options.Lifelines.Count > 0 ? "--lifeline"
            : options.Umask is not null ? "--umask"
            : options.Mode != Mode.Run ? "--hold and --serve"
            : options.Owners.Any(owner => owner.Start is not null) ? "the START of --owner"
            : options.Signal is not (Signals.Hup or Signals.Int or Signals.Quit or Signals.Kill or Signals.Term) ? $"--signal {Signals.Name(options.Signal)}" // the others have numbers of their own
            : options.Containment is not (Containment.Auto or Containment.Group) ? $"--containment {options.Containment.Name()}"
            : null;
        if (refused is not null)
        {
            throw new CommandException(CommandException.SupervisorFailed, $"{refused} cannot be had on macOS in this version");
        }
    }

    private PosixSignalRegistration Listen(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        cancelSignal = number;
        queue.Wake();
    });

    private void WatchOwners()
    {
        var parent = Libc.GetParentId();
        IEnumerable<int> wanted = options.Owners.Count > 0 ? options.Owners.Select(owner => owner.Pid) : parent > 1 ? [parent] : [];
        foreach (var owner in wanted)
        {
            owners.Add(owner);
            ownerIsGone |= !queue.WatchEnd(owner);
        }
    }

    // First signal, grace period, SIGKILL to the group, and again for what has been forked meanwhile.
    private List<GroupMember> End(int group)
    {
        Signal(group, options.Signal);
        Signal(group, Libc.ContinueSignal);
        if (!WaitUntil(group, () => IsEmpty(group), Environment.TickCount64 + (long)NestedGrace.Limit(options.Grace).TotalMilliseconds))
        {
            _ = WaitUntil(
                group,
                () =>
                {
                    Signal(group, Libc.KillSignal);
                    return IsEmpty(group);
                },
                Environment.TickCount64 + (long)options.KillWait.TotalMilliseconds);
        }

        return GroupMember.Of(group);
    }

    // Each that is seen alive is watched: the next look is when one of them has ended.
    private bool IsEmpty(int group)
    {
        var members = GroupMember.Of(group);
        foreach (var member in members.Where(member => watched.Add(member.Id)))
        {
            if (!queue.WatchEnd(member.Id))
            {
                queue.Wake();
            }
        }

        return members.Count == 0;
    }

    private static void Signal(int group, int signal)
    {
        // Never 0, 1 or below: that is our own group, or everybody.
        if (group > 1)
        {
            _ = Libc.Kill(-group, signal);
        }
    }

    private bool IsAllowed(GroupMember member) => options.Allowed.Contains(member.Name);

    private bool WaitUntil(int group, Func<bool> done, long? deadline)
    {
        while (!done())
        {
            var left = deadline - Environment.TickCount64;
            if (left <= 0)
            {
                return false;
            }

            var ended = queue.Wait(left);
            leaderHasEnded |= ended == group;
            ownerIsGone |= owners.Contains(ended);
            watched.Remove(ended);
        }

        return true;
    }

    private static unsafe int Reap(int process)
    {
        const int WithoutWaiting = 1; // WNOHANG: one that outlived SIGKILL is not waited for
        int status;
        if (Libc.WaitPid(process, &status, WithoutWaiting) != process)
        {
            return CommandException.SupervisorFailed;
        }

        var signal = status & 0x7F; // WTERMSIG
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal;
    }
}
