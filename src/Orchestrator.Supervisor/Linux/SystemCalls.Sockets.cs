using System.Buffers.Text;
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

    /// <summary>
    /// The processes that are connected to us: at the other end of each Unix socket that we have accepted, which has the name
    /// of the one that we listen at (getsockname(2), SO_PEERCRED in unix(7)). Those that we connected to are not among them.
    /// </summary>
    internal static List<int> ClientProcesses()
    {
        var clients = new List<int>();
        using var descriptors = Open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
        var reader = descriptors is null ? null : new DirectoryReader(descriptors);
        while (reader?.Next(out var name, out _) == true)
        {
            if (Utf8Parser.TryParse(name, out int number, out _) && ClientOf(number) is { } client)
            {
                clients.Add(client);
            }
        }

        return clients;
    }

    // Null for what is no such socket, or is not connected any more.
    private static int? ClientOf(int descriptor)
    {
        const int PeerCredentials = 17; // SO_PEERCRED
        const int AcceptsConnections = 30; // SO_ACCEPTCONN
        sockaddr_un address = default;
        var length = (uint)sizeof(sockaddr_un);
        if (getsockname(descriptor, (sockaddr*)&address, &length) != 0 || address.sun_family != AF_UNIX || length <= sizeof(ushort))
        {
            return null;
        }

        int listens;
        length = sizeof(int);
        if (getsockopt(descriptor, SOL_SOCKET, AcceptsConnections, &listens, &length) != 0 || listens != 0)
        {
            return null;
        }

        var credentials = stackalloc int[3]; // struct ucred: pid, uid, gid
        length = 3 * sizeof(int);
        return getsockopt(descriptor, SOL_SOCKET, PeerCredentials, credentials, &length) == 0 && credentials[0] > 0 ? credentials[0] : null;
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
    private static partial int getsockname(int socket, sockaddr* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, MessageHeader* message, int flags);
}
