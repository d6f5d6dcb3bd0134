using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Processes;

/// <summary>Where this library is.</summary>
internal static class OwnFolder
{
    /// <summary>The folder of this library; of the program, where it is compiled into one.</summary>
    internal static string Path => System.IO.Path.GetDirectoryName(File) is { Length: > 0 } own ? own : AppContext.BaseDirectory;

    /// <summary>Whether this library is a file of its own, and no part of a native program.</summary>
    internal static bool IsAssembly => File.Length > 0;

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "Empty in a native program, which is what is asked.")]
    private static string File => typeof(OwnFolder).Assembly.Location;
}
