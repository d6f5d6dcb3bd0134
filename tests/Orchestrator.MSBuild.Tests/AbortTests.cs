using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Builds that are aborted in the middle of a task, in all shapes of MSBuild.</summary>
public sealed partial class AbortTests(PackedPackage package) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

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
        using var job = await StartAsync(shape);
        job.Abort(signal, group: false);

        var exitCode = await job.ExitCodeAsync();

        await NothingIsLeftAsync(job);
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
        using var job = await StartAsync(BuildShape.Find("worker node"));
        Signal.Send(Node(job), Signal.Kill);

        Assert.Equal(1, await job.ExitCodeAsync());
        await NothingIsLeftAsync(job);
    }

    [Fact]
    public async Task A_worker_node_that_loses_its_build_in_the_middle_of_its_output_ends_too()
    {
        var (go, written) = (directory.Combine("go"), directory.Combine("written"));
        using var job = await StartAsync(BuildShape.Find("worker node"), $"(until [ -e '{go}' ]; do sleep 0.02; done; yes | head -n 300000; echo > '{written}') & ");
        var node = Node(job);
        Signal.Send(job.Process, Signal.Stop); // and reads no more
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => File.Exists(written), "more was printed than a socket holds");
        Signal.Send(job.Process, Signal.Kill);

        await job.ExitCodeAsync();
        await NothingIsLeftAsync(job);
        await Eventually.IsTrueAsync(() => !Directory.Exists($"/proc/{node}"), () => "the node has ended", TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("dotnet build")]
    [InlineData("worker node")]
    [InlineData("task host")]
    public async Task Ctrl_C_at_a_terminal_reaches_nodes_too_and_is_one_abort(string shapeName)
    {
        using var job = await StartAsync(BuildShape.Find(shapeName));
        job.Abort(Signal.Int, group: true);

        Assert.Equal(1, await job.ExitCodeAsync());
        await NothingIsLeftAsync(job);
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
        using var job = await StartAsync(BuildShape.Find(shapeName), "trap '' TERM; ", "GracePeriod=\"600000\"");
        job.Abort(signal, group: true);
        job.WaitForLine("SIGTERM sent to process group");
        await Task.Delay(300, TestContext.Current.CancellationToken); // not a wait for something: two signals within 200 ms are one abort
        job.Abort(signal, group: true);

        Assert.Equal(expected, await job.ExitCodeAsync());
        await NothingIsLeftAsync(job);
        AssertOneError(job.Text);
    }

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Kill)]
    public async Task In_a_node_that_is_used_again_a_run_depends_on_the_build_that_uses_it(int signal)
    {
        var shape = BuildShape.Find("reused node");
        using var first = Job.Start(EnvironmentOf(shape), "dotnet", [.. shape.Arguments.Take(1), Project("", "", "ps -o ppid= -p $PPID"), .. shape.Arguments.Skip(1)]);
        Assert.Equal(0, await first.ExitCodeAsync());
        var node = int.Parse(NumberAlone().Match(first.Text).Value, System.Globalization.CultureInfo.InvariantCulture);
        var job = await StartAsync(shape);
        try
        {
            // A build that comes before the node waits again gets one of its own.
            for (var attempt = 1; !marker.Pids().SelectMany(Ancestors).Contains(node); attempt++)
            {
                Assert.True(attempt < 10, "no build was given the node of the first");
                marker.KillAll();
                await job.ExitCodeAsync();
                job.Dispose();
                job = await StartAsync(shape);
            }

            job.Abort(signal, group: false);

            Assert.NotEqual(0, await job.ExitCodeAsync());
            await NothingIsLeftAsync(job);
        }
        finally
        {
            job.Dispose();
        }
    }

    private static IEnumerable<int> Ancestors(int pid)
    {
        while (Signal.Relations(pid) is { Parent: > 1 } process)
        {
            yield return pid = process.Parent;
        }
    }

    [GeneratedRegex(@"(?m)^\s*[0-9]+\s*$")]
    private static partial Regex NumberAlone();

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    // The console shows an error when it comes, and again at the end.
    private static void AssertOneError(string text)
    {
        Assert.Single(ErrorLine().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal), error => error.EndsWith("error ORC0011: Build cancelled by user", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", text.Replace("Warning(s)", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\berror [A-Z]+[0-9]+: .*")]
    private static partial Regex ErrorLine();

    private string Work => directory.Combine("work of the run");

    private async Task NothingIsLeftAsync(Job job)
    {
        await Eventually.IsTrueAsync(() => marker.Alive().Count == 0, () => $"alive: {string.Join(", ", marker.Alive())}\n{job.Text}", Limit);
        await Eventually.IsTrueAsync(() => !Directory.Exists(Work), () => $"removed: {Work}\n{job.Text}", Limit);
    }

    // The process that the task runs in, where that is not the one that was started.
    private static int Node(Job job) => Signal.Children(job.Process.Id)
        .Single(child => File.ReadAllText($"/proc/{child}/cmdline").Contains("nodemode:1", StringComparison.Ordinal));

    private async Task<Job> StartAsync(BuildShape shape, string before = "", string attributes = "")
    {
        var project = Project(shape.UsingTask, attributes, $"{before}sleep {marker.Seconds} & setsid sleep {marker.Seconds} & echo READY; wait");
        var job = Job.Start(EnvironmentOf(shape), "env", ["-C", directory.Path, "dotnet", .. shape.Arguments.Take(1), project, .. shape.Arguments.Skip(1)]);
        try
        {
            job.WaitForLine("READY");
            await marker.UntilAliveAsync(2);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    private Dictionary<string, string> EnvironmentOf(BuildShape shape) => shape.EnvironmentWith(Directory.CreateDirectory(directory.Combine("tmp")).FullName);

    private string Project(string usingTask, string attributes, string command) => directory.Write("test.csproj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
              <UsingTask TaskName="Orchestrator.MSBuild.ExecInProcessGroup" AssemblyFile="$(OrchestratorTaskAssembly)" {usingTask} Override="true" />
              <Target Name="Restore" />
              <Target Name="Build">
                <ExecInProcessGroup Command="{System.Security.SecurityElement.Escape(command)}" WorkDirectory="{Work}" {attributes} />
              </Target>
              <Target Name="Publish" DependsOnTargets="Build" />
              <Target Name="VSTest" DependsOnTargets="Build" />
              <Target Name="_MTPBuild" DependsOnTargets="Build" />
            </Project>
            """);
}
