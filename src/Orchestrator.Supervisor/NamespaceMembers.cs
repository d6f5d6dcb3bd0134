using System.Text;
using Orchestrator.Supervisor.Linux;
using Tmds.Linux;
using static Orchestrator.Supervisor.NamespaceChannel;

namespace Orchestrator.Supervisor;

/// <summary>
/// Containment <c>namespace</c>: everything below the init of a user and PID namespace, which the kernel empties when
/// init dies; and init dies with us. It is made by <c>unshare(1)</c>, since a process with threads cannot make one
/// itself (<c>unshare(2)</c>, EINVAL). We stay outside, and see its processes under the PIDs that everybody else sees.
/// </summary>
internal sealed class NamespaceMembers : RunMembers
{
    private static readonly string[] Unshare = ["unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child", "--mount-proc", "--"];
    private readonly NamespaceChannel channel;
    private readonly int init;
    private readonly ProcessHandle? initProcess;
    private readonly ulong? initStart;
    private bool isEmpty;
    private bool isKilled;

    private NamespaceMembers(int leader, int init, NamespaceChannel channel)
        : base(leader)
    {
        (this.init, this.channel) = (init, channel);
        initStart = ProcessTable.Find(init)?.Start;
        initProcess = ProcessHandle.Open(init);
    }

    // All that ends in the namespace ends before init, and its end reaches us through unshare's.
    internal override bool EndsAreSignalled => true;

    internal override bool AdoptsOrphans => false;

    internal override bool CanKillAtOnce => true;

    internal override bool GroupIsPinned
    {
        get
        {
            Listen();
            return !isEmpty && !isKilled;
        }
    }

    internal override ChildExit? LeaderExit
    {
        get
        {
            Listen();
            return Exit;
        }
    }

    internal override FileDescriptor? Notice => isEmpty ? null : channel.Socket;

    private ChildExit? Exit { get; set; }

    /// <summary>Makes a namespace, and starts the command in it.</summary>
    /// <exception cref="ContainmentException">This machine does not let us.</exception>
    /// <exception cref="LinuxException">The command cannot be started.</exception>
    internal static NamespaceMembers Start(IReadOnlyList<byte[]> command, IReadOnlyList<byte[]> environment, SpawnOptions options, Waiter waiter)
    {
        var (ours, theirs) = NamespaceChannel.Create();
        using var words = SystemCalls.CreateMemoryFile("unshare"); // what unshare(1) says is no output of the command
        using var nothing = SystemCalls.Open("/dev/null", LibC.O_RDWR);
        using (theirs)
        {
            // Neither unshare(1) nor init keeps the command's streams: who reads its output must not wait for their end.
            ours.SendStreams(!options.NullInput);
            string[] program = [.. Unshare, .. OwnProgram.CommandLine, .. NamespaceInit.Arguments(theirs)];
            try
            {
                var unshare = SystemCalls.Spawn(
                    [.. program.Select(SystemCalls.Encode), .. command],
                    environment,
                    options with { NullInput = true, Streams = [null, nothing, words], Inherited = theirs.Socket });
                theirs.Dispose();
                return Await(unshare, ours, waiter, words);
            }
            catch (LinuxException exception) when (exception.Call == "posix_spawn")
            {
                ours.Dispose();
                throw new ContainmentException(NoUnshare(exception));
            }
            catch
            {
                ours.Dispose(); // init, if there is one, ends by that
                throw;
            }
        }
    }

    /// <summary>Why there can be no namespace here; null if there can.</summary>
    internal static string? Problem()
    {
        using var words = SystemCalls.CreateMemoryFile("unshare");
        try
        {
            var unshare = SystemCalls.Spawn(
                [.. Unshare.Append("true").Select(SystemCalls.Encode)],
                RawArguments.Environment(),
                new() { NullInput = true, Streams = [null, words, words] });
            return SystemCalls.WaitForExit(unshare) is { Status: 0 } ? null : Problem(words);
        }
        catch (LinuxException exception)
        {
            return NoUnshare(exception);
        }
    }

    // Init itself is ours, not the command's.
    internal override List<ProcessEntry> Find() =>
        !isEmpty && ProcessTable.Find(init)?.Start == initStart ? ProcessTable.Descendants(init) : [];

    internal override bool IsEmpty()
    {
        Listen();
        return SystemCalls.ReapAll();
    }

    internal override bool KillAtOnce()
    {
        isKilled = true;
        return initProcess?.Signal(Signals.Kill) == true;
    }

    internal override void Release() => channel.Send(Message.Stay);

    // Init does.
    internal override void ReapOrphans()
    {
    }

    // Init keeps it as long as anything else is left.
    internal override void ReapLeader()
    {
    }

    public override void Dispose()
    {
        channel.Dispose();
        initProcess?.Dispose();
        base.Dispose();
    }

    private static NamespaceMembers Await(int unshare, NamespaceChannel channel, Waiter waiter, FileDescriptor words)
    {
        while (true)
        {
            switch (channel.Receive())
            {
                case (Message.Started, var number):
                    var init = ProcessTable.Children(unshare).FirstOrDefault();
                    var leader = ProcessTable.Children(init).Find(child => ProcessTable.NumberInNamespace(child) == number);
                    if (leader == 0)
                    {
                        _ = SystemCalls.SignalNumber(unshare, Signals.Kill);
                        throw new ContainmentException("/proc does not show the command: is it mounted with hidepid?");
                    }

                    return new(leader, init, channel);
                case (Message.Failed, var error):
                    _ = SystemCalls.WaitForExit(unshare);
                    throw new LinuxException("posix_spawn in a namespace", error);
                case (Message.Closed, _):
                    _ = SystemCalls.WaitForExit(unshare);
                    throw new ContainmentException(Problem(words));
            }

            // A signal or an owner's end is acted on as soon as there is something to end.
            waiter.Wait(deadline: null, channel.Socket);
        }
    }

    private static string NoUnshare(LinuxException exception) =>
        $"unshare(1) of util-linux cannot be run: {LinuxException.Describe(exception.Error)}";

    private static string Problem(FileDescriptor words)
    {
        var text = new byte[1024];
        SystemCalls.Rewind(words);
        var message = Encoding.UTF8.GetString(text.AsSpan(0, Math.Max(0, SystemCalls.Read(words, text)))).Trim().ReplaceLineEndings("; ");
        return message.Length > 0 ? message : "unshare(1) failed and did not say why";
    }

    private void Listen()
    {
        while (!isEmpty)
        {
            switch (channel.Receive())
            {
                case (Message.Exited, var status):
                    Exit = new(status, null);
                    break;
                case (Message.Signalled, var signal):
                    Exit = new(null, signal);
                    break;
                case (Message.Empty, _):
                    isEmpty = true;
                    channel.Send(Message.End);
                    break;
                case (Message.Closed, _):
                    // Somebody killed init.
                    isEmpty = true;
                    Exit ??= new(null, Signals.Kill);
                    break;
                default:
                    return;
            }
        }
    }
}
