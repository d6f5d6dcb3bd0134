using System.Diagnostics;
using System.Net.Sockets;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>The events cannot be written. That costs lines, which are counted and told on standard error, and no time.</summary>
public sealed class EventFaultTests : FaultTests
{
    private const int Grace = 300;

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_disk_is_full(bool native)
    {
        NeedRoot();
        var full = Directory.Combine("full");
        System.IO.Directory.CreateDirectory(full);
        var process = StartDeaf(native, Sandbox.Mounting($"mount -t tmpfs -o size=8k none '{full}' && ! cat /dev/zero > '{full}/filler' 2>/dev/null"), Path.Combine(full, "events"));
        await WaitForReadyAsync(process);
        await AssertEndedAsync(process, "No space left on device");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_reader_of_a_fifo_is_gone(bool native)
    {
        var fifo = await FifoAsync();
        var reader = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite);
        var process = StartDeaf(native, [], fifo);
        await WaitForReadyAsync(process);
        await reader.DisposeAsync();
        await AssertEndedAsync(process, "Broken pipe");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_reader_of_a_socket_is_gone(bool native)
    {
        var path = Path.Combine(Path.GetTempPath(), $"orch-fault-{Environment.ProcessId}-{native}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        try
        {
            var process = StartDeaf(native, [], path);
            await WaitForReadyAsync(process);
            (await listener.AcceptAsync(TestContext.Current.CancellationToken)).Dispose();
            await AssertEndedAsync(process, "");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Nobody_reads_a_pipe_that_is_full(bool native)
    {
        var fifo = await FifoAsync();
        using var reader = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite);
        await reader.WriteAsync(new byte[64 * 1024], TestContext.Current.CancellationToken);
        var process = StartDeaf(native, [], fifo);
        await WaitForReadyAsync(process);
        await AssertEndedAsync(process, "Resource temporarily unavailable");
    }

    private async Task<string> FifoAsync()
    {
        var fifo = Directory.Combine("fifo");
        await Supervise.ExitAsync(StartOther("mkfifo", fifo));
        return fifo;
    }

    private Process StartDeaf(bool native, IReadOnlyList<string> sandbox, string events) => Start(
        native,
        [sandbox],
        ["--events", events, "--events", EventFile, "--grace", $"{Grace}", "--work-dir", Work, "--", "bash", "-c", Scripts.For("deaf to SIGTERM, SIGINT and SIGHUP", Marker)]);

    private async Task AssertEndedAsync(Process process, string reason)
    {
        Signal.Send(process, Signal.Term);
        var (status, error) = await EndAsync(process);
        Assert.Equal(143, status);
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));

        // All lines but those that the faulty place still took are missing there, and the other place says how many.
        var events = Events();
        var lost = Assert.Single(Events("dropped")).GetProperty("lines").GetInt32();
        Assert.InRange(lost, 1, events.Count - 1);
        Assert.Contains($"{lost} event lines were dropped: ", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.InRange(Assert.Single(Events("empty")).GetProperty("milliseconds").GetInt64(), Grace, Grace + 5000);
    }
}
