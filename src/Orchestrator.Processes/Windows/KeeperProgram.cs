using System.Runtime.Versioning;
using Orchestrator.Supervisor;

namespace Orchestrator.Processes.Windows;

/// <summary>Finds <c>orchestrator-keep</c>, which holds work directories: the program, or the assembly for <c>dotnet</c>.</summary>
/// <param name="Program">What is started.</param>
/// <param name="Prefix">Its first arguments.</param>
[SupportedOSPlatform("windows")]
internal sealed record KeeperProgram(string Program, IReadOnlyList<string> Prefix)
{
    /// <summary>Names the program, or its assembly, where it is neither beside the library nor beside the running program.</summary>
    internal const string Variable = "ORCHESTRATOR_KEEPER";

    private const string Name = "orchestrator-keep";
    private static readonly Lazy<KeeperProgram> Found = new(Find);

    /// <exception cref="SupervisorException">There is none.</exception>
    internal static KeeperProgram Default => Found.Value;

    private static KeeperProgram Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return FromPath(chosen) ?? throw new SupervisorException(CommandException.SupervisorFailed, $"{Variable} names '{chosen}', which does not exist");
        }

        // A program that brings its own runtime has the keeper beside itself, for that runtime; else there is a dotnet.
        var beside = Path.GetDirectoryName(typeof(KeeperProgram).Assembly.Location) is { Length: > 0 } own ? own : AppContext.BaseDirectory;
        string[] places =
        [
            Path.Combine(AppContext.BaseDirectory, Name + ".exe"),
            Path.Combine(beside, "orchestrator-supervise", "windows", Name + ".dll"),
            Path.GetFullPath(Path.Combine(beside, "..", "..", "orchestrator-supervise", "windows", Name + ".dll")),
        ];
        return places.Select(FromPath).FirstOrDefault(program => program is not null)
            ?? throw new SupervisorException(CommandException.SupervisorFailed, $"{Name} was not found in '{places[0]}' or '{places[1]}'; set {Variable} to its path");
    }

    private static KeeperProgram? FromPath(string path) =>
        !File.Exists(path) ? null
        : path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? new(SupervisorProgram.DotnetHost(), [path])
        : new(path, []);
}
