using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Builds that are aborted in the middle of a task, in all shapes of MSBuild.</summary>
public sealed partial class AbortTests(PackedPackage package) : IDisposable
{
    private readonly AbortedBuild build = new(package);

    public static TheoryData<string, int> Aborts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var shape in BuildShape.All)
            {
                foreach (var signal in (int[])[Signal.Int, Signal.Term, Signal.Hup, Signal.Quit, Signal.Kill])
                {
                    data.Add(shape.Name, signal);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task Nothing_is_left(string shapeName, int signal)
    {
        var shape = BuildShape.Find(shapeName);
        using var job = await build.StartAsync(shape);
        job.Abort(signal, group: false);

        var exitCode = await job.ExitCodeAsync();

        await build.NothingIsLeftAsync(job);
        TestContext.Current.TestOutputHelper!.WriteLine($"exit {exitCode}\n{job.Text}");
        if (signal is Signal.Int or Signal.Hup or Signal.Quit)
        {
            Assert.NotEqual(0, exitCode);
        }

        if (shape.IsInEntry && signal is Signal.Hup or Signal.Quit or Signal.Term)
        {
            Assert.Equal(128 + signal, exitCode);
        }

        if (signal == Signal.Int || (shape.IsInEntry && signal != Signal.Kill))
        {
            AssertOneError(job.Text);
            Assert.Contains("==> Build cancelled, killing process group...", job.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_worker_node_that_is_killed_leaves_nothing()
    {
        using var job = await build.StartAsync(BuildShape.Find("worker node"));
        Signal.Send(Node(job), Signal.Kill);

        Assert.Equal(1, await job.ExitCodeAsync());
        await build.NothingIsLeftAsync(job);
    }

    [Fact]
    public async Task A_worker_node_that_loses_its_build_in_the_middle_of_its_output_ends_too()
    {
        var (go, written) = (build.Combine("go"), build.Combine("written"));
        using var job = await build.StartAsync(BuildShape.Find("worker node"), $"(until [ -e '{go}' ]; do sleep 0.02; done; yes | head -n 300000; echo > '{written}') & ");
        var node = Node(job);
        Signal.Send(job.Process, Signal.Stop); // and reads no more
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => File.Exists(written), "more was printed than a socket holds");
        Signal.Send(job.Process, Signal.Kill);

        await job.ExitCodeAsync();
        await build.NothingIsLeftAsync(job);
        await Eventually.IsTrueAsync(() => !Directory.Exists($"/proc/{node}"), () => "the node has ended", TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("dotnet build")]
    [InlineData("worker node")]
    [InlineData("task host")]
    public async Task Ctrl_C_at_a_terminal_reaches_nodes_too_and_is_one_abort(string shapeName)
    {
        using var job = await build.StartAsync(BuildShape.Find(shapeName));
        job.Abort(Signal.Int, group: true);

        Assert.Equal(1, await job.ExitCodeAsync());
        await build.NothingIsLeftAsync(job);
        AssertOneError(job.Text);
    }

    [Theory]
    [InlineData("dotnet build", Signal.Int, 1)]
    [InlineData("dotnet build", Signal.Term, 143)]
    [InlineData("dotnet build", Signal.Hup, 129)]
    [InlineData("dotnet build", Signal.Quit, 131)]
    [InlineData("worker node", Signal.Int, 1)]
    public async Task A_second_signal_kills_at_once(string shapeName, int signal, int expected)
    {
        using var job = await build.StartAsync(BuildShape.Find(shapeName), "trap '' TERM; ", "GracePeriod=\"600000\"");
        job.Abort(signal, group: true);
        job.WaitForLine("SIGTERM sent to process group");
        await Task.Delay(300, TestContext.Current.CancellationToken); // not a wait for something: two signals within 200 ms are one abort
        job.Abort(signal, group: true);

        Assert.Equal(expected, await job.ExitCodeAsync());
        await build.NothingIsLeftAsync(job);
        AssertOneError(job.Text);
    }

    public void Dispose() => build.Dispose();

    // The console shows an error when it comes, and again at the end.
    private static void AssertOneError(string text)
    {
        Assert.Single(ErrorLine().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal), error => error.EndsWith("error ORC0011: Build cancelled by user", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", text.Replace("Warning(s)", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\berror [A-Z]+[0-9]+: .*")]
    private static partial Regex ErrorLine();

    // The process that the task runs in, where that is not the one that was started.
    private static int Node(Job job) => Signal.Children(job.Process.Id)
        .Single(child => File.ReadAllText($"/proc/{child}/cmdline").Contains("nodemode:1", StringComparison.Ordinal));
}
