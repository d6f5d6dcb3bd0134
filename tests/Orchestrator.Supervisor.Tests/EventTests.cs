using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

public sealed class EventTests : SupervisorTests
{
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_run_that_is_cancelled_tells_its_story(bool native)
    {
        var file = Directory.Combine("events");
        var process = Start(native, "--containment", "supervised", "--events", file, "--work-dir", Directory.Combine("w"), "--", "bash", "-c", $"trap '' TERM; setsid sleep {Marker.Seconds} & until grep -qx sleep /proc/$!/comm; do :; done; echo READY; while :; do sleep {Marker.Seconds}; done");
        await WaitForReadyAsync(process);
        Signal.Send(process, Signal.Int);
        Assert.Equal(130, await Supervise.ExitAsync(process));

        var events = File.ReadLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["started", "cancelling", "signalled", "escaped", "signalled", "empty", "usage", "work-dir-removed"],
            events.Select(happened => happened.GetProperty("event").GetString()));
        var pgid = events[0].GetProperty("pgid").GetInt32();
        Assert.Equal(events[0].GetProperty("pid").GetInt32(), pgid);
        Assert.Equal("supervised", events[0].GetProperty("containment").GetString());
        Assert.Equal("signal", events[1].GetProperty("reason").GetString());
        Assert.Equal(("TERM", pgid), (events[2].GetProperty("signal").GetString(), events[2].GetProperty("pgid").GetInt32()));
        Assert.Equal("sleep", events[3].GetProperty("command").GetString());
        Assert.Equal("KILL", events[4].GetProperty("signal").GetString());
        Assert.InRange(events[5].GetProperty("milliseconds").GetInt64(), 500, 60_000);
        Assert.Equal(Directory.Combine("w"), events[7].GetProperty("path").GetString());
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.All(events, happened => Assert.InRange(happened.GetProperty("time").GetInt64(), now - 300_000, now));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Programs_and_directories_may_have_any_name(bool native)
    {
        const string Name = "q\"b\\\u2603end"; // 15 bytes at most are kept
        File.CreateSymbolicLink(Directory.Combine(Name), "/bin/sleep");
        var file = Directory.Combine("events");
        var work = Directory.Combine("\t\n\"\\\u0001\u007F\u0085\u2603\U0001F600");
        var result = await RunAsync(
            native,
            ["--events", file, "--work-dir", work, "--remove-work-dir", "always", "--", "sh", "-c", $"\"$0\" {Marker.Seconds} & until grep -q end /proc/$!/comm; do :; done", Directory.Combine(Name)]);
        Assert.Equal(0, result.ExitCode);

        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(lines, line => line.Any(char.IsControl));
        var events = lines.Select(line => JsonDocument.Parse(line).RootElement).ToLookup(happened => happened.GetProperty("event").GetString());
        Assert.Equal(Name, events["leftover"].Single().GetProperty("command").GetString());
        Assert.Equal(work, events["work-dir-removed"].Single().GetProperty("path").GetString());
    }

    [Fact]
    public async Task Events_go_to_a_socket_and_to_several_places()
    {
        var path = Path.Combine(Path.GetTempPath(), $"orch-{Environment.ProcessId}.sock");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        try
        {
            Assert.Equal(0, (await RunAsync(true, "--events", path, "--events", Directory.Combine("file"), "--", "true")).ExitCode);
            using var connection = await listener.AcceptAsync(TestContext.Current.CancellationToken);
            using var reader = new StreamReader(new NetworkStream(connection));

            Assert.Equal(
                await File.ReadAllTextAsync(Directory.Combine("file"), TestContext.Current.CancellationToken),
                await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_reader_that_never_reads_costs_lines_and_no_time()
    {
        var fifo = Directory.Combine("fifo");
        Process.Start("mkfifo", [fifo])!.WaitForExit();
        using var reader = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite);
        await reader.WriteAsync(new byte[64 * 1024], TestContext.Current.CancellationToken); // now it is full

        Assert.Equal(0, (await RunAsync(true, "--events", fifo, "--", "true")).ExitCode);
    }

    [Fact]
    public async Task A_reader_that_is_gone_changes_nothing()
    {
        var fifo = Directory.Combine("fifo");
        Process.Start("mkfifo", [fifo])!.WaitForExit();
        var reader = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite);
        var process = Start(true, "--events", fifo, "--", "bash", "-c", Scripts.For("plain tree", Marker));
        await WaitForReadyAsync(process);
        await reader.DisposeAsync();
        Signal.Send(process, Signal.Term);

        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.Empty(Marker.Alive());
    }
}
