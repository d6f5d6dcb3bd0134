using Cake.Core;
using Cake.Core.Diagnostics;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>
/// The abort of the process that Cake runs in. From its first use until that process ends it takes Ctrl+C (SIGINT), SIGTERM,
/// SIGHUP and SIGQUIT, and the end of the dotnet CLI that started Cake and passes no signal on. The first cancels
/// <see cref="Token"/>, and the pipeline winds up: what runs is ended, Teardown runs, the exit code is 130, 143, 129 or 131.
/// The second kills at once what is still being ended; where nothing of ours runs, and at the third, it ends the process.
/// </summary>
public sealed class PipelineCancellation
{
    private static readonly Lazy<PipelineCancellation> Instance = new(() => new());
    private readonly BuildCancellation signals;
    private RunEnd end = RunEnd.Cancelled;
    private int running;
    private int further;
    private int isTold;
    private volatile bool isWindingUp;

    private PipelineCancellation()
    {
        TerminalOutput.IgnoreErrors();

        // Cake's engine hides the exit code of what a task throws; and a pipeline that finished in spite of an abort was aborted.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Environment.ExitCode = ExitCode ?? Environment.ExitCode;
        signals = BuildCancellation.Start(reason => end = reason, OnFurtherSignal);
    }

    /// <summary>That of this process; the first use begins to take signals.</summary>
    public static PipelineCancellation Current => Instance.Value;

    /// <summary>Cancelled by the first signal, or when the process that started Cake is gone.</summary>
    public CancellationToken Token => signals.Token;

    /// <summary>Cancelled by the second signal, 200 ms or more after the first: no grace any more.</summary>
    public CancellationToken KillToken => signals.KillToken;

    /// <summary>Whether the pipeline is being aborted.</summary>
    public bool IsCancelled => Token.IsCancellationRequested;

    /// <summary>130 for SIGINT, 143 for SIGTERM and for the end of what started Cake, 129 for SIGHUP, 131 for SIGQUIT; null without an abort.</summary>
    public int? ExitCode => signals.ExitCode;

    /// <summary>The one error that ends an aborted pipeline, such as <c>Build cancelled by user</c>.</summary>
    /// <param name="inner">What was thrown when it was aborted, if something was.</param>
    /// <returns>An exception with the exit code of the abort.</returns>
    public CakeException Error(Exception? inner = null) => new(ExitCode ?? 143, RunNarration.Error(end), inner);

    /// <summary>Throws <see cref="Error"/> if the pipeline is being aborted.</summary>
    /// <param name="log">Is told of the abort, unless a run that was ended has told of it.</param>
    /// <exception cref="CakeException">It is.</exception>
    public void ThrowIfCancelled(ICakeLog log)
    {
        if (IsCancelled)
        {
            Tell(log);
            throw Error();
        }
    }

    /// <summary>What ends a run that begins now: in Teardown, which cleans up after an abort, only the second signal.</summary>
    internal CancellationToken RunToken => isWindingUp ? KillToken : Token;

    /// <summary>If the pipeline was aborted, only Teardown runs from now on. In one that was not, an abort may still come, and ends what Teardown runs.</summary>
    internal void BeginTeardown() => isWindingUp |= IsCancelled;

    /// <summary>Says that the pipeline is aborted, once.</summary>
    internal void Tell(ICakeLog log) => Tell(log, RunNarration.Cancelled);

    /// <summary>Prints a line of a run, but the one that was printed already.</summary>
    internal void Tell(ICakeLog log, string line)
    {
        if (line == RunNarration.Cancelled && IsCancelled && Interlocked.Exchange(ref isTold, 1) != 0)
        {
            return;
        }

        if (line.StartsWith("==> WARNING:", StringComparison.Ordinal))
        {
            log.Warning("{0}", line);
        }
        else if (log.Verbosity >= Verbosity.Normal)
        {
            // As it is, and not in the colours of the log: it stands among the output of the commands themselves.
            Console.WriteLine(line);
        }
    }

    /// <summary>From now until disposal a second signal has something to kill.</summary>
    internal IDisposable Enter() => new Running(this);

    private void OnFurtherSignal()
    {
        if (Interlocked.Increment(ref further) > 1 || Volatile.Read(ref running) == 0)
        {
            Environment.Exit(ExitCode ?? 1);
        }
    }

    private sealed class Running : IDisposable
    {
        private PipelineCancellation? pipeline;

        internal Running(PipelineCancellation pipeline)
        {
            this.pipeline = pipeline;
            Interlocked.Increment(ref pipeline.running);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref pipeline, null) is { } entered)
            {
                Interlocked.Decrement(ref entered.running);
            }
        }
    }
}
