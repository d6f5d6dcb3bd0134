using System.Globalization;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// PID 1 of a run's namespace: it starts the command, since one that were PID 1 itself would not get SIGTERM, adopts
/// what loses its parent, and ends as soon as the supervisor is gone, whereupon the kernel kills all that is left
/// (<c>pid_namespaces(7)</c>).
/// </summary>
internal static class NamespaceInit
{
    private const string Option = "--namespace-init";

    /// <summary>The arguments of a supervisor that is to be one, before those of the command. Not for users.</summary>
    /// <param name="channel">Its end of the channel, inherited.</param>
    internal static string[] Arguments(NamespaceChannel channel) => [Option, channel.Socket.Number.ToString(CultureInfo.InvariantCulture), "--"];

    internal static bool IsAskedFor(IReadOnlyList<string> arguments) => arguments is [Option, _, "--", _, ..];

    internal static int Execute(IReadOnlyList<string> arguments)
    {
        SignalQueue.BlockEverywhere();
        using var channel = new NamespaceChannel(new(int.Parse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture)));
        SystemCalls.CloseOnExec(channel.Socket);
        var streams = channel.ReceiveStreams();
        using var signals = SignalQueue.Open();
        int command;
        try
        {
            command = SystemCalls.Spawn(
                RawArguments.Last([.. arguments.Skip(3)]),
                RawArguments.Environment(),
                new() { KeepIgnored = signals.IgnoresHangUp ? Signals.Hup : 0, Streams = streams });
        }
        catch (LinuxException exception)
        {
            channel.Send(NamespaceChannel.Message.Failed, exception.Error);
            return CommandException.SupervisorFailed;
        }
        finally
        {
            // Who reads the command's output must not wait for our end.
            Array.ForEach(streams, stream => stream?.Dispose());
        }

        channel.Send(NamespaceChannel.Message.Started, command);
        return Attend(new(command), channel, signals);
    }

    private static int Attend(Descendants members, NamespaceChannel channel, SignalQueue signals)
    {
        var (toldExit, toldEmpty, alone) = (false, false, false);
        Span<bool> ready = stackalloc bool[2];
        while (true)
        {
            if (!toldExit && members.LeaderExit is { } exit)
            {
                toldExit = true;
                channel.Send(
                    exit.Status is null ? NamespaceChannel.Message.Signalled : NamespaceChannel.Message.Exited,
                    exit.Status ?? exit.Signal!.Value);
            }

            // In this order: who has read that nothing is left reads no further. A command that has ended since we looked above is
            // told of in the next turn, for which its SIGCHLD is waiting.
            if (!toldEmpty && members.OnlyLeaderIsLeft() && toldExit)
            {
                toldEmpty = true;
                channel.Send(NamespaceChannel.Message.Empty);
            }

            if (toldEmpty && alone)
            {
                return 0;
            }

            SystemCalls.Poll([signals.Ready, alone ? null : channel.Socket], -1, ready);
            _ = signals.Take().Count(); // only SIGCHLD matters here, and that it came
            if (ready[1])
            {
                if (channel.Receive().Message != NamespaceChannel.Message.Stay)
                {
                    return 0;
                }

                alone = true;
            }
        }
    }
}
