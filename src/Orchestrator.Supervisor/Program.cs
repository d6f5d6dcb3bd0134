using System.Reflection;
using System.Runtime.Versioning;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.Linux;
using Orchestrator.Supervisor.MacOS;
using Orchestrator.Supervisor.WorkDirectories;

if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
{
    Diagnostics.Print("this system is not supported: it needs Linux or macOS");
    return CommandException.SupervisorFailed;
}

if (OperatingSystem.IsLinux())
{
    RawArguments.Begin();
    if (NamespaceInit.IsAskedFor(args))
    {
        return NamespaceInit.Execute(args);
    }
}

Options options;
try
{
    options = OptionParser.Parse(args, Environment.GetEnvironmentVariable("CANCEL_TIMEOUT_MS"));
}
catch (UsageException exception)
{
    Diagnostics.Print($"{exception.Message}; see --help");
    return CommandException.SupervisorFailed;
}

switch (options.Mode)
{
    case Mode.Help:
        Console.WriteLine(OptionParser.Help);
        return 0;
    case Mode.Version:
        Console.WriteLine($"orchestrator-supervise {typeof(Options).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
        return 0;
    case Mode.Probe:
        Console.WriteLine(Probe.Json());
        return 0;
    default:
        return OperatingSystem.IsMacOS() ? HoldGroup(options) : Supervise(options);
}

[SupportedOSPlatform("macos")]
static int HoldGroup(Options options)
{
    Diagnostics.IsQuiet = options.Quiet;
    try
    {
        return new GroupRun(options).Execute();
    }
    catch (CommandException exception)
    {
        Diagnostics.Print(exception.Message);
        return exception.Status;
    }
}

static int Supervise(Options options)
{
    Diagnostics.IsQuiet = options.Quiet;
    EventWriter? events = null;
    try
    {
        SignalQueue.BlockEverywhere();
        OwnProgram.TakeName();
        events = EventWriter.Open(options.Events);
        if (options.Mode == Mode.Hold)
        {
            using var keeper = new Keeper(options, events);
            return keeper.Execute();
        }

        using var waiter = Waiter.Open(options);
        if (options.Mode == Mode.Serve)
        {
            using var input = new FileDescriptor(0, owned: false);
            return new Server(input, events, waiter).Execute();
        }

        using var run = new Run(options, CommandInput.FromArguments(options), events, waiter);
        return run.Execute();
    }
    catch (Exception exception) when (exception is CommandException or UsageException or WorkDirectoryRefusedException or ContainmentException or LinuxException)
    {
        events?.Failed(exception.Message);
        Diagnostics.Print(exception.Message);
        return exception is CommandException command ? command.Status : CommandException.SupervisorFailed;
    }
#pragma warning disable CA1031 // No error may end us by a signal and without a word: by now nothing of the run is left, or it has been named.
    catch (Exception exception)
#pragma warning restore CA1031
    {
        var message = $"{exception.GetType().Name}: {exception.Message}";
        events?.Failed(message);
        Diagnostics.Print(message);
        return CommandException.SupervisorFailed;
    }
    finally
    {
        events?.Dispose();
    }
}
