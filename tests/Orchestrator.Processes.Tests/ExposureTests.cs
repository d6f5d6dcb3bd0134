using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>What a command, and whoever looks at the process table, can see of its owner.</summary>
public sealed class ExposureTests : IDisposable
{
    private const string Secret = "s3cr3t-of-the-build";
    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Theory]
    [InlineData(Containment.Group)]
    [InlineData(Containment.Supervised)]
    [InlineData(Containment.Auto)]
    public async Task A_command_gets_no_descriptor_of_its_owner(Containment containment)
    {
        var open = Enumerable.Range(0, 100).Select(i => new FileStream(directory.Combine($"file{i}"), FileMode.Create)).ToList();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        await using var work = await WorkRoot.Open(directory.Combine("work")).CreateAsync("pkg", cancellationToken: TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 3).Select(_ => work.Contain(SupervisedCommand.Create("sleep", marker.Seconds)).WithContainment(containment).WithStandardOutput(_ => { }).RunAsync(cancel.Token)).ToList();
        using var plain = Process.Start("sleep", [marker.Seconds]);
        await Eventually.IsTrueAsync(() => Sleeps().Count == 4, "all commands run");

        // What the test itself was left by whoever started it, every child of it has.
        Assert.All(Sleeps(), pid => Assert.Equal(Descriptors(plain.Id), Descriptors(pid)));
        await cancel.CancelAsync();
        foreach (var run in runs)
        {
            await Assert.ThrowsAsync<RunCanceledException>(() => run);
        }

        open.ForEach(file => file.Dispose());

        List<int> Sleeps() => [.. marker.Pids().Where(pid => Text(pid, "comm") == "sleep\n" && Text(pid, "cmdline").StartsWith("sleep\0", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Nothing_of_the_environment_is_on_the_command_line_of_a_supervisor_or_a_keeper()
    {
        var events = new StringBuilder();
        using var cancel = new CancellationTokenSource();
        var keeper = 0;
        var started = new TaskCompletionSource<int>();
        await using var work = await WorkRoot.Open(directory.Combine("work")).CreateAsync(
            "pkg",
            happened => keeper = happened is RunEvent.Started begun ? begun.ProcessId : keeper,
            TestContext.Current.CancellationToken);
        var run = work.Contain(SupervisedCommand.Create("sleep", marker.Seconds))
            .WithEnvironmentVariable("TOKEN", Secret)
            .WithEvents(happened =>
            {
                events.AppendLine(happened.ToString());
                if (happened is RunEvent.Started begun)
                {
                    started.TrySetResult(begun.ProcessId);
                }
            })
            .RunAsync(cancel.Token);
        var command = await started.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => Text(command, "environ").Contains($"TOKEN={Secret}", StringComparison.Ordinal), "the command has the variable");

        Assert.NotEmpty(Text(keeper, "cmdline"));
        foreach (var pid in (int[])[keeper, Signal.Relations(command)!.Value.Parent, command])
        {
            Assert.DoesNotContain(Secret, Text(pid, "cmdline"), StringComparison.Ordinal);
        }

        await cancel.CancelAsync();
        var exception = await Assert.ThrowsAsync<RunCanceledException>(() => run);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, events.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Descriptors(int pid) =>
        Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static string Text(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (IOException)
        {
            return ""; // it ended
        }
    }
}
