using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>What a command is started with and no option says.</summary>
/// <param name="Command">Program and arguments, as the kernel wants them.</param>
/// <param name="OuterRun">Names of the runs that it is inside of; null for none.</param>
/// <param name="Streams">Its standard streams, ours to close; a null, or none, for those that we have ourselves.</param>
internal sealed record CommandInput(IReadOnlyList<byte[]> Command, string? OuterRun, IReadOnlyList<FileDescriptor?> Streams)
{
    /// <summary>What our own command line and environment say.</summary>
    internal static CommandInput FromArguments(Options options) => new(RawArguments.Last(options.Command), RunId.Outer, []);

    /// <summary>To be called when the command has them: who reads its output waits for the end of all who hold them.</summary>
    internal void CloseStreams()
    {
        foreach (var stream in Streams)
        {
            stream?.Dispose();
        }
    }
}
