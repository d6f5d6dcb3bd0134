using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Writes lines of a build in makepkg's manner, one at a time, from whatever thread.</summary>
internal sealed class BuildLog(Action<BuildMessage> write)
{
    private readonly Lock gate = new();
    private bool toldCancelling;

    internal void Step(string text) => Write(BuildMessageKind.Step, "==> " + text);

    internal void Detail(string text) => Write(BuildMessageKind.Detail, "  -> " + text);

    internal void SubDetail(string text) => Write(BuildMessageKind.Detail, "    " + text);

    internal void Warning(string text) => Write(BuildMessageKind.Warning, "==> WARNING: " + text);

    internal void Output(string line) => Write(BuildMessageKind.Output, line);

    internal void ErrorOutput(string line) => Write(BuildMessageKind.ErrorOutput, line);

    internal void Error(PkgbuildException error) =>
        Write(new(BuildMessageKind.Error, "==> ERROR: " + error.Message, error));

    /// <summary>Tells of a run what people want to read of it: nothing, unless it is being ended.</summary>
    internal void Narrate(RunEvent happened)
    {
        foreach (var line in RunNarration.Lines(happened))
        {
            toldCancelling |= line == RunNarration.Cancelled;
            Write(line.StartsWith("==> WARNING:", StringComparison.Ordinal) ? BuildMessageKind.Warning : BuildMessageKind.Step, line);
        }
    }

    /// <summary>As <see cref="Narrate"/>, for the run that reads a PKGBUILD: what its top level leaves behind for a moment is nobody's concern.</summary>
    internal void NarrateReading(RunEvent happened)
    {
        if (happened is not RunEvent.LeftOver)
        {
            Narrate(happened);
        }
    }

    /// <summary>Says that the build is being cancelled, unless a run that was cancelled has said so.</summary>
    internal void Cancelling()
    {
        if (!toldCancelling)
        {
            toldCancelling = true;
            Write(BuildMessageKind.Step, RunNarration.Cancelled);
        }
    }

    private void Write(BuildMessageKind kind, string text) => Write(new(kind, text));

    private void Write(BuildMessage message)
    {
        lock (gate)
        {
            write(message);
        }
    }
}
