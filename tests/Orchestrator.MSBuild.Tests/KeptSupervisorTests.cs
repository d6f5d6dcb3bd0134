using System.Globalization;
using System.Security;
using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>The supervisor that a build keeps from one task to the next, in all shapes of MSBuild.</summary>
public sealed partial class KeptSupervisorTests(PackedPackage package) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TestDirectory directory = new();
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("orchestrator-"); // Exec does not start where its name has a space
    private readonly Marker marker = new();

    public static TheoryData<string> Shapes => [.. BuildShape.All.Select(shape => shape.Name)];

    public static TheoryData<string, int> Aborts
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var shape in BuildShape.All)
            {
                foreach (var signal in (int[])[Signal.Int, Signal.Term, Signal.Kill])
                {
                    data.Add(shape.Name, signal);
                }
            }

            return data;
        }
    }

    [Fact]
    public async Task The_tasks_of_a_build_have_one_supervisor()
    {
        using var job = Start(BuildShape.Find("dotnet msbuild"), Own("echo supervisor $PPID"), Own("echo supervisor $PPID"), Own("echo supervisor $PPID"));
        Assert.Equal(0, await job.ExitCodeAsync());

        Assert.Equal(3, Supervisor().Count(job.Text));
        Assert.Single(Supervisors(job));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task None_outlives_its_build(string shapeName)
    {
        using var job = Start(BuildShape.Find(shapeName), Own("echo supervisor $PPID"), Own("echo supervisor $PPID"));
        Assert.Equal(0, await job.ExitCodeAsync());

        await NoneIsLeftAsync(job);
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task None_outlives_a_build_that_is_aborted_between_two_tasks(string shapeName, int signal)
    {
        // Not our task: the supervisor waits meanwhile.
        using var job = Start(BuildShape.Find(shapeName), Own("echo supervisor $PPID"), $"<Exec Command=\"echo READY; exec sleep {marker.Seconds}\" />");
        job.WaitForLine("READY");
        await Eventually.IsTrueAsync(() => marker.Alive().Count > 0, () => $"it sleeps\n{job.Text}", Limit);
        job.Abort(signal, group: false);
        if (signal == Signal.Term)
        {
            marker.KillAll(); // Exec waits for it, and nobody ends it
        }

        await job.ExitCodeAsync();
        await NoneIsLeftAsync(job);
    }

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task An_abort_leaves_nothing_of_a_run_that_is_not_the_first(string shapeName, int signal)
    {
        using var job = Start(
            BuildShape.Find(shapeName),
            Own("echo supervisor $PPID"),
            Own($"sleep {marker.Seconds} & setsid sleep {marker.Seconds} & echo supervisor $PPID; echo READY; wait"));
        job.WaitForLine("READY");
        await marker.UntilAliveAsync(2);
        job.Abort(signal, group: false);

        var exitCode = await job.ExitCodeAsync();
        await Eventually.IsTrueAsync(() => marker.Alive().Count == 0, () => $"alive: {string.Join(", ", marker.Alive())}\n{job.Text}", Limit);
        await NoneIsLeftAsync(job);
        if (signal == Signal.Int)
        {
            Assert.Equal(1, exitCode);
            Assert.Contains("error ORC0011: Build cancelled by user", job.Text, StringComparison.Ordinal);
            Assert.Contains("==> Build cancelled, killing process group...", job.Text, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
        temporary.Delete(recursive: true);
    }

    private static string Own(string command) => $"<ExecInProcessGroup Command=\"{SecurityElement.Escape(command)}\" />";

    private static IEnumerable<int> Supervisors(Job job) =>
        Supervisor().Matches(job.Text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct();

    private static Task NoneIsLeftAsync(Job job) =>
        Eventually.IsTrueAsync(() => !Supervisors(job).Any(Relatives.IsAlive), () => $"a supervisor is left: {string.Join(' ', Supervisors(job))}\n{job.Text}", Limit);

    [GeneratedRegex(@"(?m)^\s*supervisor ([0-9]+)\s*$")]
    private static partial Regex Supervisor();

    private Job Start(BuildShape shape, params IEnumerable<string> tasks) => shape.Start(package, directory, temporary.FullName, string.Concat(tasks));
}
