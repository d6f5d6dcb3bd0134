using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// A supervisor that is kept (<c>--serve</c>): it runs what standard input asks for, one run after the other, since its own
/// start is most of what a short run costs. It goes on only after a run that left nothing of any kind; after each other it
/// ends, as a supervisor of one run does, and its exit status is the answer. Between two runs it has no child, sleeps, and
/// ends with its owner, with a signal, or with its standard input.
/// </summary>
internal sealed class Server(FileDescriptor input, EventWriter events, Waiter waiter)
{
    private readonly RequestReader requests = new(input, waiter);

    /// <returns>The exit status: that of the last run, if it ended with that.</returns>
    internal int Execute()
    {
        SystemCalls.ChangeDirectory("/"); // each run has its own, and ours may be removed meanwhile
        while (requests.Next() is { } request)
        {
            var status = Execute(request);
            if (!IsAsNew() || !events.Done(status))
            {
                return status;
            }
        }

        return waiter.CancelSignal is { } signal ? 128 + signal : waiter.OwnerIsGone ? 128 + Signals.Term : 0;
    }

    private int Execute(Request request)
    {
        var run = OptionParser.Parse(request.Arguments, Environment.GetEnvironmentVariable("CANCEL_TIMEOUT_MS"));
        if (run is not { Mode: Mode.Run, Directory: not null, WorkDirectory: null, Umask: null, InheritInput: false, Containment: Containment.Auto or Containment.Supervised or Containment.Cgroup })
        {
            throw new UsageException("a request asks for what needs a supervisor of its own");
        }

        SystemCalls.ForgetUsage();
        using var execution = new Run(run, request.Open(run.Command.Count), events, waiter);
        return execution.Execute();
    }

    // Whatever a run may have changed of us, the next one must not find.
    private bool IsAsNew() => waiter is { CancelSignal: null, OwnerIsGone: false } && !events.HasDropped && SystemCalls.ReapAll();
}
