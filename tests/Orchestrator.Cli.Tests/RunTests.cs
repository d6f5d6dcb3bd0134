using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Marker marker = new();
    private readonly TestDirectory directory = new();

    public static TheoryData<string, int> ScriptsBySignal
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var script in Scripts.ByName.Keys)
            {
                data.Add(script, Signal.Kill);
            }

            data.Add("plain tree", Signal.Int);
            data.Add("plain tree", Signal.Term);
            data.Add("plain tree", Signal.Hup);
            data.Add("plain tree", Signal.Quit);
            return data;
        }
    }

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(ScriptsBySignal))]
    public async Task Aborting_it_leaves_nothing(string script, int signal)
    {
        var work = directory.Combine("work");
        using var job = Job.Start(Tool.Program, "run", "--work-dir", work, "--", "bash", "-c", Scripts.For(script, marker));
        job.WaitForLine("READY");
        job.Abort(signal, group: false);

        Assert.Equal(128 + signal, await job.ExitCodeAsync());
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(2)));
        Assert.Empty(marker.Alive());
        Assert.False(Directory.Exists(work));
    }

    [Fact]
    public async Task The_exit_status_is_the_commands_and_output_passes_through()
    {
        Assert.Equal((7, "out\n"), await Tool.RunAsync("run", "--", "sh", "-c", "echo out; exit 7"));
        Assert.Equal(127, (await Tool.RunAsync("run", "--", "orchestrator-no-such-program")).ExitCode);
        Assert.Equal(124, (await Tool.RunAsync("run", "--timeout", "100", "--", "sleep", marker.Seconds)).ExitCode);
        Assert.Equal(125, (await Tool.RunAsync("run", "--nonsense", "--", "true")).ExitCode);
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    [InlineData(">&- 2>&-")]
    public async Task An_output_that_cannot_be_written_changes_nothing(string redirection)
    {
        using var job = Job.Start("bash", "-c", $"'{Tool.Program}' run --timeout 200 -- sleep {marker.Seconds} {redirection}");

        Assert.Equal(124, await job.ExitCodeAsync());
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task In_CI_the_end_of_the_shell_above_cancels()
    {
        var script = $"'{Tool.Program}' run -- bash -c \"$1\"; true";
        using var job = Job.Start(new Dictionary<string, string> { ["CI"] = "true" }, "bash", "-c", script, "bash", Scripts.For("plain tree", marker));
        job.WaitForLine("READY");
        job.Abort(Signal.Kill, group: false);

        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(2)));
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task SIGINT_reaches_it_even_where_a_shell_made_it_ignored()
    {
        // What a shell without job control starts with & has SIGINT ignored.
        using var job = Job.Start("bash", "-c", $"'{Tool.Program}' run -- bash -c \"$1\" & echo PID $!; wait $!; echo STATUS $?", "bash", Scripts.For("plain tree", marker));
        job.WaitForLine("READY");
        var pid = job.Text.Split('\n').First(line => line.StartsWith("PID ", StringComparison.Ordinal))[4..];
        Signal.Send(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture), Signal.Int);
        job.WaitForLine("STATUS 130");
        await job.ExitCodeAsync();

        Assert.Empty(marker.Alive());
    }
}
