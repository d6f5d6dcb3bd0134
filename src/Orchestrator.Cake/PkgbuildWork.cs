using Cake.Core;
using Cake.Core.Diagnostics;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>Runs what the libraries do as a part of a pipeline: it is ended with it, and each error is Cake's.</summary>
public static class PkgbuildWork
{
    /// <summary>Runs work until it is done or the pipeline is aborted.</summary>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="log">Is told of an abort.</param>
    /// <param name="work">The work; its tokens end it, and its grace period.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="CakeException">It failed, with the file and the line where there is one; or the pipeline is being aborted, and nothing of it is left.</exception>
    public static async Task<TResult> RunAsync<TResult>(ICakeLog log, Func<CancellationToken, CancellationToken, Task<TResult>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var pipeline = PipelineCancellation.Current;
        pipeline.ThrowIfCancelled(log);
        using var running = pipeline.Enter();
        try
        {
            return await work(pipeline.Token, pipeline.KillToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            pipeline.Tell(log);
            throw pipeline.Error(cancelled);
        }
        catch (PkgbuildException error)
        {
            throw ToCakeException(error);
        }
        catch (Exception error) when (error is WorkDirectoryException or SupervisorException)
        {
            throw new CakeException(error.Message, error);
        }
    }

    /// <summary>Prints a line of a build as the log's verbosity allows: errors, with their file and line; warnings; and all else as information.</summary>
    /// <param name="log">The log.</param>
    /// <param name="message">The line.</param>
    public static void Print(ICakeLog log, BuildMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (message.Kind)
        {
            case BuildMessageKind.Error:
                log.Error("{0}", message.Error is { File: not null } error ? $"{message.Text}{Environment.NewLine}{error.CanonicalMessage}" : message.Text);
                break;
            case BuildMessageKind.Warning:
                log.Warning("{0}", message.Text);
                break;
            default:
                PipelineCancellation.Current.Tell(log, message.Text);
                break;
        }
    }

    /// <summary>An error of a PKGBUILD as Cake's, in the form <c>FILE(LINE): error: MESSAGE</c> where there is a file.</summary>
    /// <param name="error">The error.</param>
    /// <returns>Its exception.</returns>
    public static CakeException ToCakeException(PkgbuildException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(error.File is null ? error.Message : error.CanonicalMessage, error);
    }
}
