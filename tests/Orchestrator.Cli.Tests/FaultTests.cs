using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>Something fails on the owner's side. What it started is ended all the same.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();

    public static TheoryData<bool, int> Refusals => new()
    {
        { true, Sandbox.NotPermitted },
        { true, Sandbox.NotImplemented },
        { false, Sandbox.NotPermitted },
        { false, Sandbox.NotImplemented },
    };

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Without_pidfds_the_end_of_the_owner_ends_the_run(bool native, int error)
    {
        var work = directory.Combine("work");
        using var job = Start(native, Refused(error), "run", "--work-dir", work, "--", "bash", "-c", Scripts.For("scrubbed daemon", marker));
        job.WaitForLine("READY");
        job.Abort(Signal.Kill, group: false);

        Assert.Equal(137, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(20)));
        await Eventually.IsTrueAsync(() => !Directory.Exists(work), "the work directory is gone");
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Without_pidfds_a_signal_to_the_owner_ends_the_run(bool native, int error)
    {
        using var job = Start(native, Refused(error), "run", "--", "bash", "-c", Scripts.For("scrubbed daemon", marker));
        job.WaitForLine("READY");
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_is_said_once()
    {
        using var job = Job.Start(Tool.Program, "run", "--", "bash", "-c", Scripts.For("setsid", marker));
        job.WaitForLine("READY");
        await job.WaitForProcessAsync("orchestrator-su");
        Signal.Send(Supervisor(job), Signal.Kill);

        Assert.Equal(125, await job.ExitCodeAsync());
        Assert.Single(job.Text.Split('\n'), line => line.Contains("the supervisor was killed", StringComparison.Ordinal));
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task What_hides_its_environment_from_the_owner_of_a_killed_supervisor_is_named()
    {
        // As ssh-agent does. An ordinary user does not see the environment of such a process, nor root without capabilities.
        Assert.SkipUnless(Repository.HasTool("perl"), "perl is not installed");
        IReadOnlyList<string> blind = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-all", "--"] : [];
        using var job = Start(native: true, blind, "run", "--containment", "supervised", "--", "bash", "-c", $"setsid {Sandbox.Undumpable} {marker.Seconds} & wait");
        job.WaitForLine("READY");
        await job.WaitForProcessAsync("orchestrator-su");
        Signal.Send(Supervisor(job), Signal.Kill);

        Assert.Equal(125, await job.ExitCodeAsync());
        var agent = Assert.Single(marker.Pids());
        Assert.Contains($"{agent} (perl) was started since and hides its environment", job.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Sandbox.NotPermitted)]
    [InlineData(Sandbox.NotImplemented)]
    public async Task Without_pidfds_the_owner_finishes_the_work_of_a_supervisor_that_is_killed(int error)
    {
        using var job = Start(native: true, Refused(error), "run", "--containment", "supervised", "--", "bash", "-c", Scripts.For("setsid", marker));
        job.WaitForLine("READY");
        await job.WaitForProcessAsync("orchestrator-su");
        Signal.Send(Supervisor(job), Signal.Kill);

        Assert.NotEqual(0, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [InlineData(Signal.Kill, 137)]
    [InlineData(Signal.Term, 143)]
    public async Task Without_pidfds_a_package_build_leaves_no_directory(int signal, int exitCode)
    {
        var package = directory.Write("slow/PKGBUILD", $"pkgname=slow\npkgver=1\npkgrel=1\narch=(any)\nbuild() {{ setsid sleep {marker.Seconds} & echo READY; wait; }}\npackage() {{ :; }}\n");
        using var job = Start(native: true, Refused(Sandbox.NotPermitted), "build", package);
        job.WaitForLine("READY");
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(job.WorkRoot));
        job.Abort(signal, group: false);

        Assert.Equal(exitCode, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(20)));
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [InlineData("INT", Signal.Int)]
    [InlineData("TERM", Signal.Term)]
    [InlineData("HUP", Signal.Hup)]
    [InlineData("QUIT", Signal.Quit)]
    public async Task Signals_that_were_blocked_when_it_started_reach_it(string name, int signal)
    {
        using var job = Start(native: true, ["env", $"--block-signal={name}"], "run", "--", "bash", "-c", Scripts.For("plain tree", marker));
        job.WaitForLine("READY");
        job.Abort(signal, group: false);

        Assert.Equal(128 + signal, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_supervisor_that_somebody_stopped_does_not_sleep_over_an_abort(bool native)
    {
        using var job = Start(native, [], "run", "--", "bash", "-c", Scripts.For("scrubbed daemon", marker));
        job.WaitForLine("READY");
        Signal.Send(Supervisor(job), Signal.Stop);
        job.Abort(Signal.Term, group: false);

        Assert.Equal(143, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }

    private static IReadOnlyList<string> Refused(int error)
    {
        Assert.SkipUnless(Repository.HasTool("perl"), "perl is not installed");
        return Sandbox.Refusing(error, Sandbox.PidfdOpen, Sandbox.PidfdSendSignal);
    }

    // Where there is no native supervisor, the managed one is what is taken anyway.
    private static Job Start(bool native, IReadOnlyList<string> sandbox, params IEnumerable<string> arguments)
    {
        var environment = new Dictionary<string, string> { ["ORCHESTRATOR_SUPERVISOR"] = Supervise.CommandLine(native)[^1] };
        string[] words = [.. sandbox, Tool.Program, .. arguments];
        return Job.Start(environment, words[0], words[1..]);
    }

    // The owner's only child; which of its threads started it is not known.
    private static int Supervisor(Job job) => Directory.EnumerateDirectories($"/proc/{job.Process.Id}/task")
        .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, System.Globalization.CultureInfo.InvariantCulture))
        .Single();
}
