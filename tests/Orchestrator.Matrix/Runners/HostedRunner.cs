using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Matrix.Runners;

/// <summary>
/// A library: this program, started once more, is the build tool that uses it. It does what a careful author does: SIGINT,
/// SIGTERM and the timeout cancel a token, and the token ends the script as the library ends one.
/// </summary>
internal abstract class HostedRunner(string name) : Runner(name)
{
    internal const string Verb = "host";

    internal override bool HasTimeout => true;

    internal override IEnumerable<string> CommandLine(string file, TimeSpan? timeout) =>
    [
        Path.Combine(AppContext.BaseDirectory, "Orchestrator.Matrix"),
        Verb,
        GetType().Name,
        ((int)(timeout ?? Timeout.InfiniteTimeSpan).TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        file,
    ];

    internal static async Task<int> HostAsync(string runner, string timeout, string file)
    {
        using var cancel = new CancellationTokenSource(int.Parse(timeout, CultureInfo.InvariantCulture));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            await All.OfType<HostedRunner>().Single(one => one.GetType().Name == runner).RunAsync(file, cancel.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancel.Cancel();
        }
    }

    /// <summary>Runs the script to its end, with its output on ours.</summary>
    protected abstract Task RunAsync(string file, CancellationToken cancellationToken);
}
