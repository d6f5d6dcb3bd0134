using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>What everything that takes long has in common: whatever goes wrong comes out as one of two kinds of exception.</summary>
internal static class BuildGuard
{
    /// <summary>Runs it.</summary>
    /// <exception cref="PkgbuildException">It failed, with a message that people can do something with.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static async Task<T> RunAsync<T>(Action<BuildMessage> log, Func<BuildLog, Task<T>> build, CancellationToken cancel)
    {
        BuildLog buildLog = new(log);
        try
        {
            return await build(buildLog).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (cancel.IsCancellationRequested)
        {
            buildLog.Cancelling();
            throw new OperationCanceledException(RunNarration.Error(RunEnd.Cancelled), error, cancel);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or WorkDirectoryException)
        {
            throw new PkgbuildException(MakepkgExitCode.NoPermission, error.Message, innerException: error);
        }
        catch (Exception error) when (error is IOException or SupervisorException)
        {
            throw new PkgbuildException(MakepkgExitCode.Failure, error.Message, innerException: error);
        }
    }
}
