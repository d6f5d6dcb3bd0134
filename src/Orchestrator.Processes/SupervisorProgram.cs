using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Processes;

/// <summary>Finds <c>orchestrator-supervise</c>: the native program where it can be run, else the managed one.</summary>
internal sealed record SupervisorProgram(string FileName, IReadOnlyList<string> Prefix)
{
    private const string Name = "orchestrator-supervise";
    private static readonly string DotnetFile = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
    private static readonly Lazy<SupervisorProgram> Found = new(Find);

    /// <exception cref="SupervisorException">There is none.</exception>
    internal static SupervisorProgram Default => Found.Value;

    /// <summary>Whether it is best started with its signals blocked: the managed one.</summary>
    internal bool StartsWithSignalsBlocked => Prefix.Count > 0;

    /// <summary>The folder of the native program for a system.</summary>
    /// <param name="runtimeIdentifier">That of the running program.</param>
    /// <param name="architecture">Of the running process.</param>
    /// <returns>Null where there can be none: musl systems, whose loader cannot run it, take the managed one.</returns>
    internal static string? NativeFolder(string runtimeIdentifier, Architecture architecture) =>
        runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal)
            ? null
            : $"linux-{architecture.ToString().ToLowerInvariant()}";

    private static SupervisorProgram Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SupervisorException(125, "this version contains processes on Linux and Windows only");
        }

        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_SUPERVISOR") is { Length: > 0 } chosen)
        {
            return FromPath(chosen) ?? throw new SupervisorException(125, $"ORCHESTRATOR_SUPERVISOR names '{chosen}', which cannot be run");
        }

        var beside = OwnFolder.Path;

        // A package that a host uses where it was unpacked has this library in lib/net10.0.
        string[] folders = [Path.Combine(beside, Name), Path.GetFullPath(Path.Combine(beside, "..", "..", Name))];
        return folders.Select(FromFolder).FirstOrDefault(program => program is not null)
            ?? throw new SupervisorException(125, $"{Name} was not found in '{folders[0]}'; set ORCHESTRATOR_SUPERVISOR to its path");
    }

    private static SupervisorProgram? FromFolder(string folder) =>
        (NativeFolder(RuntimeInformation.RuntimeIdentifier, RuntimeInformation.ProcessArchitecture) is { } native ? FromPath(Path.Combine(folder, native, Name)) : null)
            ?? FromPath(Path.Combine(folder, "managed", Name + ".dll"));

    // NuGet unpacks with mode 0744: another user's native program cannot be run, the managed one can.
    private static SupervisorProgram? FromPath(string path) =>
        !File.Exists(path) ? null
        : path.EndsWith(".dll", StringComparison.Ordinal) ? new(DotnetHost(), [path])
        : SystemCalls.MayExecute(path) ? new(path, [])
        : null;

    /// <summary>The <c>dotnet</c> that runs us; else the one that is known from the environment, or found in <c>PATH</c>.</summary>
    internal static string DotnetHost()
    {
        if (Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            return self;
        }

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
            : !string.IsNullOrEmpty(root) && File.Exists(Path.Combine(root, DotnetFile)) ? Path.Combine(root, DotnetFile)
            : "dotnet";
    }
}
