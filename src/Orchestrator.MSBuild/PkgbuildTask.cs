using Microsoft.Build.Framework;
using Orchestrator.Pkgbuild;
using Orchestrator.Processes;
using Task = Microsoft.Build.Utilities.Task;

namespace Orchestrator.MSBuild;

/// <summary>What the tasks for PKGBUILDs have in common: they can be cancelled, and each error is one line.</summary>
public abstract class PkgbuildTask : Task, ICancelableTask
{
    private readonly AbortSource abort = new();

    /// <summary>The PKGBUILDs, or the folders that they are in.</summary>
    [Required]
    public ITaskItem[] Pkgbuilds { get; set; } = [];

    /// <summary>Ends what runs: first signal, grace period, SIGKILL. Called by MSBuild on Ctrl+C.</summary>
    public void Cancel() => abort.Cancel();

    /// <inheritdoc/>
    public override bool Execute()
    {
        using var output = new OutputQueue();
        using var registration = abort.Register((IBuildEngine4)BuildEngine);
        try
        {
            _ = output.Print(async () => { await RunAsync((kind, line) => output.Add(kind, [line]), abort.Token, abort.KillToken).ConfigureAwait(false); return 0; }, Print, abort.Cancel);
        }
        catch (OperationCanceledException error)
        {
            // An owner's end is told; all else was somebody's wish.
            Log.LogProjectError(BuildEngine, ErrorCode.Cancelled, error.Message == RunNarration.Error(RunEnd.OwnerExited) ? error.Message : RunNarration.Error(RunEnd.Cancelled));
        }
        catch (PkgbuildException error)
        {
            LogError(error);
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work, on another thread than the task's.</summary>
    /// <param name="print">Prints a line.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <param name="kill">Ends its grace period.</param>
    private protected abstract System.Threading.Tasks.Task RunAsync(Action<OutputKind, string> print, CancellationToken cancel, CancellationToken kill);

    /// <summary>An error at its place in the PKGBUILD.</summary>
    private protected void LogError(PkgbuildException error)
    {
        if (error.File is { } file)
        {
            Log.LogError(null, ErrorCode.Pkgbuild, null, file, error.Line, error.Column, 0, 0, "{0}", error.Message);
        }
        else
        {
            Log.LogProjectError(BuildEngine, ErrorCode.PackageFailed, error.Message);
        }
    }

    // At the importance of Exec.
    private void Print(OutputKind kind, string line)
    {
        if (kind == OutputKind.Warning)
        {
            Log.LogWarning("{0}", line);
        }
        else
        {
            Log.LogMessage(MessageImportance.High, line);
        }
    }
}
