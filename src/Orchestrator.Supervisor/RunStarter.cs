using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>Starts the command of a run in the containment that was asked for.</summary>
internal sealed class RunStarter(Options options, CommandInput input, string run, Waiter waiter)
{
    private readonly IReadOnlyList<byte[]> environment = RawArguments.Environment(
        (RunId.Variable, RunId.Chain(input.OuterRun, run)),
        (NestedGrace.Variable, NestedGrace.ForInner(NestedGrace.Limit(options.Grace))));

    private readonly SpawnOptions spawnOptions = new()
    {
        Directory = options.Directory,
        NullInput = !options.InheritInput,
        Streams = input.Streams,
        KeepIgnored = waiter.Signals.IgnoresHangUp ? Signals.Hup : 0,
    };

    /// <summary>What holds the run, never <see cref="Containment.Auto"/>.</summary>
    internal Containment Level { get; private set; } = options.Containment;

    /// <summary>Why <c>auto</c> did not take the strongest level that it may; null if it did, or if a level was asked for.</summary>
    internal string? Fallback { get; private set; }

    /// <exception cref="ContainmentException">The level that was asked for is not available.</exception>
    /// <exception cref="LinuxException">The command cannot be started.</exception>
    internal RunMembers Start()
    {
        if (Level != Containment.Group)
        {
            SystemCalls.BecomeSubreaper();
        }

        try
        {
            if (Level == Containment.Group && GroupMembers.Problem() is { } problem)
            {
                throw new ContainmentException(problem);
            }

            return Level switch
            {
                Containment.Group => new GroupMembers(Spawn()),
                Containment.Namespace => NamespaceMembers.Start(input.Command, environment, spawnOptions, waiter),
                Containment.Supervised => new Descendants(Spawn()),
                _ => StartInControlGroup(),
            };
        }
        catch (ContainmentException exception)
        {
            throw new ContainmentException($"containment '{Level.Name()}' is not available: {exception.Message}");
        }
    }

    private RunMembers StartInControlGroup()
    {
        ControlGroup? group = null;
        try
        {
            group = ControlGroup.Create(run);
            var pid = GroupSpawn.TryStart(group.Directory, input.Command, environment, spawnOptions) ?? SpawnFromInside(group);
            Level = Containment.Cgroup;
            return new ControlGroupMembers(pid, group);
        }
        catch (ContainmentException exception) when (Level == Containment.Auto)
        {
            Level = Containment.Supervised;
            Fallback = $"cgroup: {exception.Message}";
            return new Descendants(Spawn());
        }
        catch (LinuxException) when (group is not null)
        {
            Remove(group);
            throw;
        }
    }

    // For where a program cannot be started in a control group that we are not in ourselves.
    private int SpawnFromInside(ControlGroup group)
    {
        try
        {
            group.Enter();
        }
        catch (ContainmentException)
        {
            Remove(group);
            throw;
        }

        Level = Containment.Cgroup; // from here on nothing else will do: we may not be able to leave
        int pid;
        try
        {
            pid = Spawn();
        }
        catch (LinuxException)
        {
            group.Leave();
            throw;
        }

        try
        {
            // A kill of the group must not reach us.
            group.Leave();
        }
        catch (ContainmentException)
        {
            _ = SystemCalls.SignalGroup(pid, Signals.Kill);
            throw;
        }

        return pid;
    }

    private static void Remove(ControlGroup group)
    {
        group.Remove();
        group.Dispose();
    }

    private int Spawn() => SystemCalls.Spawn(input.Command, environment, spawnOptions);
}
