using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>The program that we are.</summary>
internal static class OwnProgram
{
    private const string Name = "orchestrator-su"; // comm: the first 15 bytes of the file's name

    /// <summary>Whether it is the native one; the managed one has a list of the assemblies that its host may load.</summary>
    internal static bool IsNative { get; } = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    /// <summary>What starts it once more.</summary>
    internal static string[] CommandLine => IsNative
        ? [Environment.ProcessPath!]
        : [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "orchestrator-supervise.dll")];

    /// <summary>Lets other supervisors see what we are: the managed program is dotnet otherwise.</summary>
    internal static void TakeName()
    {
        if (!IsNative)
        {
            SystemCalls.SetName(Name);
        }
    }

    /// <summary>Whether a process is a supervisor or a keeper, by its name: nothing may depend on it but how patient we are.</summary>
    internal static bool IsSupervisor(ProcessEntry? process) => process?.Name == Name;
}
