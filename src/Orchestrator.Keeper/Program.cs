using Orchestrator.Keeper;
using Orchestrator.Supervisor.WorkDirectories;

const int Failed = 125;
if (!OperatingSystem.IsWindows())
{
    Console.Error.WriteLine("orchestrator-keep: it is for Windows; elsewhere orchestrator-supervise --hold does this");
    return Failed;
}

if (args.Length != 4 || !int.TryParse(args[2], out var owner) || !long.TryParse(args[3], out var start))
{
    Console.Error.WriteLine("Usage: orchestrator-keep DIRECTORY RUN OWNER START\nFor the library: holds a work directory, and removes it when its owner ends, or `remove` comes on standard input.");
    return Failed;
}

try
{
    using var keeper = new DirectoryKeeper(args[0], args[1]);
    return keeper.Execute(owner, start);
}
catch (WorkDirectoryRefusedException exception)
{
    DirectoryKeeper.Tell("failed", json => json.WriteString("message", exception.Message));
    return Failed;
}
