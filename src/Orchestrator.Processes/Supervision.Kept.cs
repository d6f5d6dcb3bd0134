using System.IO.Pipes;

namespace Orchestrator.Processes;

/// <summary>A run under a supervisor that is kept: only its streams are made anew.</summary>
internal sealed partial class Supervision
{
    private SupervisorPool? pool;
    private KeptSupervisor? kept;
    private AnonymousPipeServerStream? outputPipe;
    private AnonymousPipeServerStream? errorPipe;

    /// <summary>Starts the run under a supervisor that is free, or a new one.</summary>
    /// <param name="supervisors">Where it comes from and returns to.</param>
    /// <param name="changes">Changes to our environment; a null value removes a variable.</param>
    /// <param name="runId">Name of the run.</param>
    /// <param name="output">Standard output and error.</param>
    internal void StartKept(SupervisorPool supervisors, IEnumerable<KeyValuePair<string, string?>> changes, string runId, (IOutputWriter? Output, IOutputWriter? Error) output)
    {
        pool = supervisors;
        kept = supervisors.Take(SupervisorOrigin.Now(owners, changes));
        supervisorId = kept.Id;
        outputPipe = new(PipeDirection.In, HandleInheritability.None);
        errorPipe = new(PipeDirection.In, HandleInheritability.None);
        started = Supervisor.Linux.ProcessTable.Now();
        var status = kept.RunAsync([runId, Name(outputPipe), Name(errorPipe), .. options], HandleKept);
        Exit = KeptExitAsync(status, Task.WhenAll(PumpAsync(outputPipe, output.Output), PumpAsync(errorPipe, output.Error)), output.Error);
    }

    // What the supervisor opens: our end for writing, which we keep until it has.
    private static string Name(AnonymousPipeServerStream pipe) => FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}");

    private Task PumpAsync(AnonymousPipeServerStream pipe, IOutputWriter? writer) => writer is null
        ? OutputPump.RunAsync(pipe, _ => { }, () => { }, ended.Token)
        : OutputPump.RunAsync(pipe, piece => callbacks.Write(writer, piece), () => callbacks.Call(writer.Complete), ended.Token);

    private void HandleKept(RunEvent happened)
    {
        // The first event tells that the command has its streams, or will have none.
        CloseWriters();
        Handle(happened);
    }

    private void CloseWriters()
    {
        if (!firstEvent.Task.IsCompleted)
        {
            outputPipe!.DisposeLocalCopyOfClientHandle();
            errorPipe!.DisposeLocalCopyOfClientHandle();
        }
    }

    private async Task<int> KeptExitAsync(Task<int> status, Task pumps, IOutputWriter? errors)
    {
        var exitCode = await status.ConfigureAwait(false);
        CloseWriters();
        await ended.CancelAsync().ConfigureAwait(false);
        await pumps.ConfigureAwait(false);
        if (!kept!.IsFree && errors is not null)
        {
            callbacks.Write(errors, kept.ReadErrors());
            callbacks.Call(errors.Complete);
        }

        firstEvent.TrySetException(new SupervisorException(125, "the supervisor ended before it had begun"));
        _ = firstEvent.Task.Exception;
        return exitCode;
    }

    private void ReturnKept()
    {
        // One that we have signalled may take that for the next run's.
        if (kept is not null)
        {
            pool!.Return(kept, isAsNew: kept.IsFree && firstSignalAt == 0);
        }

        outputPipe?.Dispose();
        errorPipe?.Dispose();
    }
}
