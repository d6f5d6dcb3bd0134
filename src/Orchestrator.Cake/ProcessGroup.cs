using System.Collections.Concurrent;
using Cake.Core;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>A command that was started by StartAndReturnProcessGroup: Cake's process, and all that is known of its run.</summary>
public sealed class ProcessGroup : IProcess
{
    private readonly FilePath program;
    private readonly PipelineCancellation pipeline;
    private readonly CancellationToken abort;
#pragma warning disable CA2213 // It is needed until the run has ended, which may be after this was disposed of.
    private readonly CancellationTokenSource stop;
#pragma warning restore CA2213
    private readonly Captured output;
    private readonly Captured error;
    private Task<RunResult> run = null!;

    private ProcessGroup(FilePath program, PipelineCancellation pipeline, Captured output, Captured error)
    {
        (this.program, this.pipeline, this.output, this.error) = (program, pipeline, output, error);
        abort = pipeline.RunToken;
        stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
    }

    /// <summary>How the run ended; waits for its end.</summary>
    /// <exception cref="CakeException">The pipeline is being aborted, or the command could not be run.</exception>
    public RunResult Result => Wait();

    internal static ProcessGroup Start(
        FilePath program, SupervisedCommand command, ProcessSettings settings, Func<string, string> filter, PipelineCancellation pipeline, ICakeLog log)
    {
        Captured output = new(settings.RedirectedStandardOutputHandler, filter, log);
        Captured error = new(settings.RedirectedStandardErrorHandler, filter, log);
        ProcessGroup process = new(program, pipeline, output, error);
        if (settings.RedirectStandardOutput || settings.RedirectStandardError)
        {
            command = settings.RedirectStandardOutput ? command.WithStandardOutput(line => process.Take(output, line)) : command.WithStandardOutputBytes(Console.OpenStandardOutput().Write);
            command = settings.RedirectStandardError ? command.WithStandardError(line => process.Take(error, line)) : command.WithStandardErrorBytes(Console.OpenStandardError().Write);
        }
        else
        {
            command = command.WithInheritedStandardStreams();
        }

        process.run = Task.Run(() => process.RunAsync(command));
        return process;
    }

    /// <inheritdoc/>
    /// <exception cref="CakeException">The pipeline is being aborted, and nothing of the run is left; or the command could not be run.</exception>
    public void WaitForExit() => _ = Wait();

    /// <summary>Waits for the end of the run, and ends it when the time is over.</summary>
    /// <param name="milliseconds">How long to wait.</param>
    /// <returns>Whether it ended by itself; when this returns nothing of it is alive.</returns>
    /// <exception cref="CakeException">The pipeline is being aborted, and nothing of the run is left; or the command could not be run.</exception>
    public bool WaitForExit(int milliseconds)
    {
        var ended = ((IAsyncResult)run).AsyncWaitHandle.WaitOne(milliseconds);
        if (!ended)
        {
            stop.Cancel();
        }

        _ = Wait();
        return ended;
    }

    /// <inheritdoc/>
    public int GetExitCode() => Wait().ExitCode;

    /// <inheritdoc/>
    public IEnumerable<string> GetStandardOutput() => output.Read();

    /// <inheritdoc/>
    public IEnumerable<string> GetStandardError() => error.Read();

    /// <summary>Ends the run: first signal, grace period, SIGKILL. Returns when nothing of it is alive.</summary>
    public void Kill()
    {
        stop.Cancel();
        _ = Wait();
    }

    /// <inheritdoc/>
    public override string ToString() => program.FullPath;

    /// <summary>Forgets the run, which goes on until it ends or the pipeline does.</summary>
    public void Dispose() => _ = run.ContinueWith(_ => stop.Dispose(), TaskScheduler.Default);

    private async Task<RunResult> RunAsync(SupervisedCommand command)
    {
        using var running = pipeline.Enter();
        try
        {
            return await command.RunAsync(stop.Token, pipeline.KillToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (!abort.IsCancellationRequested)
        {
            // By Kill, or since a time was over; perhaps before it began.
            return (cancelled as RunCanceledException)?.Result ?? new() { ExitCode = 143, EndedBy = RunEnd.Cancelled };
        }
        catch (OperationCanceledException cancelled)
        {
            throw pipeline.Error(cancelled);
        }
        catch (SupervisorException failed)
        {
            throw new CakeException(failed.ExitCode, $"{program}: {failed.Message}", failed);
        }
        finally
        {
            try
            {
                output.Complete();
            }
            finally
            {
                error.Complete();
            }
        }
    }

    // A handler that throws ends the run: nobody takes its output any more.
    private void Take(Captured stream, string line)
    {
        try
        {
            stream.Add(line);
        }
        catch (Exception)
        {
            stop.Cancel();
            throw;
        }
    }

    private RunResult Wait()
    {
        var result = run.GetAwaiter().GetResult();
        return result.EndedBy == RunEnd.OwnerExited ? throw new CakeException(result.ExitCode, RunNarration.Error(result.EndedBy)) : result;
    }

    /// <summary>Lines as Cake keeps them.</summary>
    private sealed class Captured(Func<string?, string?>? handler, Func<string, string> filter, ICakeLog log)
    {
        private readonly BlockingCollection<string> lines = [];
        private bool hasFailed;

        internal void Add(string line)
        {
            hasFailed = true;
            Keep(handler is null ? line : handler(line));
            hasFailed = false;
        }

        internal void Complete()
        {
            try
            {
                // One that has thrown has ended the run, and its error is the one to be seen.
                if (handler is not null && !hasFailed)
                {
                    Keep(handler(null));
                }
            }
            finally
            {
                lines.CompleteAdding(); // whoever reads them waits for it
            }
        }

        internal IEnumerable<string> Read()
        {
            foreach (var line in lines.GetConsumingEnumerable())
            {
                log.Debug("{0}", filter(line));
                yield return line;
            }
        }

        private void Keep(string? line)
        {
            if (line is not null)
            {
                lines.Add(line);
            }
        }
    }
}
