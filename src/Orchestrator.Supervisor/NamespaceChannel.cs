using System.Runtime.InteropServices;
using Orchestrator.Supervisor.Linux;

namespace Orchestrator.Supervisor;

/// <summary>
/// What a supervisor and the init of its namespace tell each other: messages of two numbers over a socket pair
/// (<c>unix(7)</c>, SOCK_SEQPACKET). It is also init's lifeline: its end means that the supervisor is gone.
/// </summary>
internal sealed class NamespaceChannel(FileDescriptor socket) : IDisposable
{
    internal FileDescriptor Socket => socket;

    internal static (NamespaceChannel Ours, NamespaceChannel Theirs) Create()
    {
        var (ours, theirs) = SystemCalls.CreateSocketPair();
        return (new(ours), new(theirs));
    }

    internal void Send(Message message, int value = 0)
    {
        Span<int> numbers = [(int)message, value];
        _ = SystemCalls.Write(socket, MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>Takes the next message.</summary>
    /// <returns><see cref="Message.None"/> if there is none yet, <see cref="Message.Closed"/> if the other side is gone.</returns>
    internal (Message Message, int Value) Receive()
    {
        Span<int> numbers = stackalloc int[2];
        return SystemCalls.Read(socket, MemoryMarshal.AsBytes(numbers)) switch
        {
            0 => (Message.Closed, 0),
            2 * sizeof(int) => ((Message)numbers[0], numbers[1]),
            _ => (Message.None, 0),
        };
    }

    /// <summary>Gives the other side our standard streams, as far as they are open.</summary>
    /// <param name="input">Whether standard input is among them.</param>
    internal void SendStreams(bool input)
    {
        int[] numbers = [.. Enumerable.Range(input ? 0 : 1, input ? 3 : 2).Where(SystemCalls.IsOpen)];
        SystemCalls.SendDescriptors(socket, numbers.Aggregate(0, (mask, number) => mask | (1 << number)), numbers);
    }

    /// <summary>What the other side gave by <see cref="SendStreams"/>: input, output and error; null for one that it did not.</summary>
    internal FileDescriptor?[] ReceiveStreams()
    {
        var (mask, descriptors) = SystemCalls.ReceiveDescriptors(socket, 3);
        var rest = new Queue<FileDescriptor>(descriptors);
        return [.. Enumerable.Range(0, 3).Select(number => (mask & (1 << number)) != 0 && rest.TryDequeue(out var stream) ? stream : null)];
    }

    public void Dispose() => socket.Dispose();

    internal enum Message
    {
        None,
        Closed,

        /// <summary>From init: the command runs; its PID in the namespace.</summary>
        Started,

        /// <summary>From init: the command cannot be started; the error number.</summary>
        Failed,

        /// <summary>From init: the command exited; its status.</summary>
        Exited,

        /// <summary>From init: a signal ended the command; its number.</summary>
        Signalled,

        /// <summary>From init: nothing is left but the command, a zombie, which it keeps until it is told to end.</summary>
        Empty,

        /// <summary>To init: end, and the namespace with you.</summary>
        End,

        /// <summary>To init: leftovers are kept; go on alone until they have ended.</summary>
        Stay,
    }
}
