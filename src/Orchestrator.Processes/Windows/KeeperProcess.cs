using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Orchestrator.Processes.Windows.WorkDirectories;
using Orchestrator.Supervisor;
using Orchestrator.Supervisor.WorkDirectories;

namespace Orchestrator.Processes.Windows;

/// <summary>A keeper of Windows: a process outside of every job of ours, which sees our end by our handle and by its pipe to us.</summary>
[SupportedOSPlatform("windows")]
internal sealed class KeeperProcess : DirectoryHolder, IDisposable
{
    private readonly string path;
    private readonly Process process;
    private readonly Action<RunEvent>? events;
    private readonly TaskCompletionSource<RunEvent> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;
    private string? failure;
    private bool isRemoved;
    private HeldDirectory? hold;

    private KeeperProcess(string path, Process process, Action<RunEvent>? events)
    {
        (this.path, this.process, this.events) = (path, process, events);
        reading = ReadAsync();
    }

    /// <inheritdoc/>
    internal override string Run => hold!.Run;

    /// <exception cref="WorkDirectoryException">The directory cannot be made or used.</exception>
    /// <exception cref="SupervisorException">The keeper cannot be started.</exception>
    internal static async Task<KeeperProcess> StartAsync(string path, Action<RunEvent>? events, CancellationToken cancellationToken)
    {
        // The keeper is in another directory, so that it cannot tell.
        if (DirectoryRules.Refusal(path) is { } refusal)
        {
            throw new WorkDirectoryException(path, new WorkDirectoryRefusedException(path, refusal).Message);
        }

        var keeper = new KeeperProcess(path, StartProcess(path), events);
        try
        {
            var told = await keeper.first.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (told is not RunEvent.Started started)
            {
                throw new WorkDirectoryException(path, (told as RunEvent.Failed)?.Message ?? $"work directory '{path}' could not be made");
            }

            keeper.hold = HeldDirectory.Claim(path, started.Run);
            return keeper;
        }
        catch (Exception exception)
        {
            _ = await keeper.EndAsync(remove: true).ConfigureAwait(false);
            if (exception is WorkDirectoryRefusedException)
            {
                throw new WorkDirectoryException(path, exception.Message, exception);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    internal override Task<IReadOnlyList<string>> EndAsync(bool remove) => EndAsync(remove ? "remove" : "release", remove);

    /// <summary>Ends the keeper; the directory stays, with its mark.</summary>
    internal Task LeaveMarkedAsync() => EndAsync("leave", remove: false);

    public void Dispose()
    {
        hold?.Dispose();
        process.Dispose();
    }

    private async Task<IReadOnlyList<string>> EndAsync(string order, bool remove)
    {
        hold?.Dispose();
        try
        {
            await process.StandardInput.WriteLineAsync(order).ConfigureAwait(false);
            await process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended, and what it would have done, we do.
        }

        await reading.ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        process.Dispose();
        return remove && !isRemoved ? await FinishAsync(path, failure, RemoveOurselves, events).ConfigureAwait(false) : [];
    }

    private IReadOnlyList<string> RemoveOurselves()
    {
        using var directory = HeldDirectory.TryTakeOver(path);
        return directory?.Remove() ?? [$"{path}: a process still uses it"];
    }

    private static Process StartProcess(string path)
    {
        var program = KeeperProgram.Default;
        using var self = Process.GetCurrentProcess();
        var start = new ProcessStartInfo(
            program.Program,
            [
                .. program.Prefix, path, RunId.Chain(RunId.Outer, RunId.Create()),
                FormattableString.Invariant($"{Environment.ProcessId}"), FormattableString.Invariant($"{self.StartTime.ToFileTimeUtc()}"),
            ])
        {
            // What ends our console, or is typed there, is not for it.
            CreateNoWindow = true,
            CreateNewProcessGroup = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Environment.SystemDirectory, // a directory that a process is in cannot be removed
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new SupervisorException(CommandException.SupervisorFailed, $"cannot start {program.Program}: {exception.Message}", exception);
        }
    }

    private async Task ReadAsync()
    {
        var parser = new EventParser();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (parser.Parse(line) is not { } happened)
            {
                continue;
            }

            failure ??= (happened as RunEvent.Failed)?.Message;
            isRemoved |= happened is RunEvent.WorkDirectoryRemoved;
            events?.Invoke(happened);
            first.TrySetResult(happened);
        }

        first.TrySetException(new SupervisorException(CommandException.SupervisorFailed, "the keeper ended before it had begun"));
        _ = first.Task.Exception;
    }
}
