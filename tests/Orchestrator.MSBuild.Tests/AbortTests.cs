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
                foreach (var signal in (int[])[Signal.Int, Signal.Term, Signal.Hup, Signal.Kill])
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

        await Eventually.IsTrueAsync(() => marker.Alive().Count == 0, () => $"alive: {string.Join(", ", marker.Alive())}\n{job.Text}", Limit);
        await Eventually.IsTrueAsync(() => !Directory.Exists(Work), () => $"removed: {Work}\n{job.Text}", Limit);
        TestContext.Current.TestOutputHelper!.WriteLine($"exit {exitCode}\n{job.Text}");
        if (signal is Signal.Int or Signal.Hup)
        {
            Assert.NotEqual(0, exitCode);
        }

        if (shape.IsInEntry && signal is Signal.Hup or Signal.Term)
        {
            Assert.Equal(128 + signal, exitCode);
        }

        if (signal == Signal.Int || (shape.IsInEntry && signal != Signal.Kill))
        {
            AssertOneError(job.Text);
            Assert.Contains("==> Build cancelled, killing process group...", job.Text, StringComparison.Ordinal);
        }
    }

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

    private async Task<Job> StartAsync(BuildShape shape)
    {
        var project = directory.Write("test.csproj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
              <UsingTask TaskName="Orchestrator.MSBuild.ExecInProcessGroup" AssemblyFile="$(OrchestratorTaskAssembly)" {shape.UsingTask} Override="true" />
              <Target Name="Restore" />
              <Target Name="Build">
                <ExecInProcessGroup Command="sleep {marker.Seconds} &amp; setsid sleep {marker.Seconds} &amp; echo READY; wait" WorkDirectory="{Work}" />
              </Target>
              <Target Name="Publish" DependsOnTargets="Build" />
              <Target Name="VSTest" DependsOnTargets="Build" />
              <Target Name="_MTPBuild" DependsOnTargets="Build" />
            </Project>
            """);
        var job = Job.Start(shape.Environment, "env", ["-C", directory.Path, "dotnet", .. shape.Arguments.Take(1), project, .. shape.Arguments.Skip(1)]);
        job.WaitForLine("READY");
        await marker.UntilAliveAsync(2);
        return job;
    }
}
