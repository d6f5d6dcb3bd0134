namespace Orchestrator.Supervisor;

/// <summary>The program that we are.</summary>
internal static class OwnProgram
{
    /// <summary>Whether it is the native one; the managed one has a list of the assemblies that its host may load.</summary>
    internal static bool IsNative { get; } = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    /// <summary>What starts it once more.</summary>
    internal static string[] CommandLine => IsNative
        ? [Environment.ProcessPath!]
        : [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "orchestrator-supervise.dll")];
}
