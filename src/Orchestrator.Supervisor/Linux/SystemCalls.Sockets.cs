using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Orchestrator.Supervisor.Linux;

internal static unsafe partial class SystemCalls
{
    private const int ControlHeaderSize = 16;

    /// <summary>Connects to a Unix stream socket without blocking: unix(7).</summary>
    internal static FileDescriptor ConnectUnix(string path)
    {
        var encoded = Encode(path);
        sockaddr_un address = default;
        if (encoded.Length > 108)
        {
            throw new LinuxException("connect", ENAMETOOLONG);
        }

        address.sun_family = AF_UNIX;
        encoded.CopyTo(new Span<byte>(address.sun_path, 108));
        var descriptor = new FileDescriptor(Check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
        if (connect(descriptor.Number, (sockaddr*)&address, (uint)sizeof(sockaddr_un)) != 0)
        {
            var error = errno;
            descriptor.Dispose();
            throw new LinuxException("connect", error);
        }

        return descriptor;
    }

    /// <summary>Two connected sockets that keep messages apart, close-on-exec and non-blocking: socketpair(2), SOCK_SEQPACKET.</summary>
    internal static (FileDescriptor First, FileDescriptor Second) CreateSocketPair()
    {
        const int SequencedPackets = 5; // SOCK_SEQPACKET
        var pair = stackalloc int[2];
        Check(socketpair(AF_UNIX, SequencedPackets | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), "socketpair");
        return (new(pair[0]), new(pair[1]));
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public nuint NameLength;
        public DataBuffer* Data;
        public nuint DataCount;
        public void* Control;
        public nuint ControlLength;
        public nint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct DataBuffer
    {
        public void* Start;
        public nuint Length;
    }

    // struct cmsghdr, iovec and msghdr of 64-bit Linux (cmsg(3), sendmsg(2)).
    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>Sends descriptors together with a number over a Unix socket: sendmsg(2), SCM_RIGHTS (unix(7)).</summary>
    internal static void SendDescriptors(FileDescriptor socket, int value, ReadOnlySpan<int> descriptors)
    {
        var control = stackalloc byte[ControlHeaderSize + (descriptors.Length * sizeof(int)) + sizeof(long)];
        var header = (ControlHeader*)control;
        *header = new() { Length = (nuint)(ControlHeaderSize + (descriptors.Length * sizeof(int))), Level = SOL_SOCKET, Type = 1 }; // SCM_RIGHTS
        descriptors.CopyTo(new Span<int>(control + ControlHeaderSize, descriptors.Length));
        DataBuffer data = new() { Start = &value, Length = sizeof(int) };
        MessageHeader message = new()
        {
            Data = &data,
            DataCount = 1,
            Control = descriptors.Length > 0 ? control : null,
            ControlLength = descriptors.Length > 0 ? header->Length : 0,
        };
        Check((int)sendmsg(socket.Number, &message, 0), "sendmsg");
    }

    /// <summary>Takes what <see cref="SendDescriptors"/> sent, close-on-exec: recvmsg(2).</summary>
    internal static (int Value, FileDescriptor[] Descriptors) ReceiveDescriptors(FileDescriptor socket, int atMost)
    {
        const int CloseOnExecFlag = 0x40000000; // MSG_CMSG_CLOEXEC
        var size = ControlHeaderSize + (atMost * sizeof(int)) + sizeof(long);
        var control = stackalloc byte[size];
        new Span<byte>(control, size).Clear();
        int value;
        DataBuffer data = new() { Start = &value, Length = sizeof(int) };
        MessageHeader message = new() { Data = &data, DataCount = 1, Control = control, ControlLength = (nuint)size };
        Check((int)recvmsg(socket.Number, &message, CloseOnExecFlag), "recvmsg");
        var length = (int)((ControlHeader*)control)->Length - ControlHeaderSize;
        return (value, length > 0 ? [.. new ReadOnlySpan<int>(control + ControlHeaderSize, length / sizeof(int)).ToArray().Select(number => new FileDescriptor(number))] : []);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, MessageHeader* message, int flags);
}
