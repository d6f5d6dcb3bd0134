using System.Runtime.Versioning;

namespace Orchestrator.Processes.Windows;

/// <summary>The pipes for standard output and error of one run; standard input is empty.</summary>
[SupportedOSPlatform("windows")]
internal sealed class OutputPipes(IOutputWriter? output, IOutputWriter? error) : IDisposable
{
    private readonly OutputPipe outputPipe = new();
    private readonly OutputPipe errorPipe = new();

    /// <summary>The command's ends. Disposing them closes ours, so that the pipes end with the run.</summary>
    internal StandardHandles ForCommand() => new(InheritableFile.Null(InheritableFile.GenericRead), outputPipe.TakeWriter(), errorPipe.TakeWriter());

    /// <summary>Hands on what comes, until the run has ended.</summary>
    internal Task PumpAsync(CallbackGuard callbacks, CancellationToken ended) =>
        Task.WhenAll(PumpAsync(outputPipe, output, callbacks, ended), PumpAsync(errorPipe, error, callbacks, ended));

    public void Dispose()
    {
        outputPipe.Dispose();
        errorPipe.Dispose();
    }

    private static Task PumpAsync(OutputPipe pipe, IOutputWriter? writer, CallbackGuard callbacks, CancellationToken ended) => writer is null
        ? pipe.PumpAsync(_ => { }, () => { }, ended)
        : pipe.PumpAsync(piece => callbacks.Write(writer, piece), () => callbacks.Call(writer.Complete), ended);
}
