using System.Globalization;
using Microsoft.Build.Framework;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>What ExecInProcessGroup has beyond Exec.</summary>
public sealed class ParameterTests(ParameterBuild build) : IClassFixture<ParameterBuild>
{
    public static TheoryData<string> ContainmentLevels => [.. Levels.Followers, "group"];

    [Fact]
    public void A_timeout_is_one_error_and_exit_code_124()
    {
        AssertTimedOut("Timeout");
        Assert.Empty(build["Timeout"].Warnings);
        Assert.Empty(build.Alive("Timeout"));
    }

    [Fact]
    public void A_command_that_tidies_up_ends_its_grace_period()
    {
        AssertTimedOut("a long grace period");
        Assert.Contains("tidied", build["a long grace period"].Messages);
    }

    [Fact]
    public void After_the_grace_period_a_deaf_command_is_killed()
    {
        AssertTimedOut("GracePeriod");
        Assert.Contains("==> SIGTERM sent to process group", build["GracePeriod"].Messages);
        Assert.Contains("==> SIGKILL sent to process group", build["GracePeriod"].Messages);
        Assert.Empty(build.Alive("GracePeriod"));
    }

    [Fact]
    public void The_grace_period_can_come_from_the_environment()
    {
        AssertTimedOut("CANCEL_TIMEOUT_MS");
        Assert.Contains("finished", build["CANCEL_TIMEOUT_MS"].Messages); // which takes longer than the default
    }

    [Fact]
    public void A_grace_period_in_the_environment_of_the_command_is_the_commands_own_affair()
    {
        AssertTimedOut("CANCEL_TIMEOUT_MS for the command");
        Assert.Contains("finished with 1", build["CANCEL_TIMEOUT_MS for the command"].Messages);
    }

    [Fact]
    public void The_first_signal_can_be_chosen()
    {
        AssertTimedOut("CancelSignal");
        Assert.Contains("==> SIGUSR1 sent to process group", build["CancelSignal"].Messages);
        Assert.Contains("got USR1", build["CancelSignal"].Messages);
    }

    [Theory]
    [InlineData("leftovers by default")]
    [InlineData("Leftovers kill")]
    public void Leftovers_are_ended_and_named(string name)
    {
        Assert.True(build[name].Succeeded);
        Assert.Contains(build[name].Messages, message => message.StartsWith("==> WARNING: a process was left behind: ", StringComparison.Ordinal) && message.Contains("sleep", StringComparison.Ordinal));
        AssertNames("sleep", build[name].Output("Leftovers"));
        Assert.Empty(build.Alive(name));
    }

    [Fact]
    public void Leftovers_can_be_kept_and_are_not_waited_for()
    {
        var task = build["Leftovers keep"]; // it holds the pipe: the build has ended all the same
        Assert.True(task.Succeeded);
        Assert.Contains("done", task.Messages);
        AssertNames("sleep", task.Output("Leftovers"));
        Assert.Single(build.Alive("Leftovers keep"));
    }

    [Theory]
    [InlineData("Leftovers fail")]
    [InlineData("AllowedLeftovers with others")]
    public void Leftovers_can_be_an_error(string name)
    {
        var task = build[name];
        Assert.False(task.Succeeded);
        var error = Assert.Single(task.Errors);
        Assert.Equal("ORC0013", error.Code);
        Assert.Contains("sleep", error.Message, StringComparison.Ordinal);
        AssertNames("sleep", task.Output("Leftovers"));
        Assert.Equal("120", task.Value("ExitCode"));
        Assert.Empty(build.Alive(name));
    }

    [Fact]
    public void A_leftover_that_is_allowed_lives_on()
    {
        Assert.True(build["AllowedLeftovers"].Succeeded);
        Assert.Single(build.Alive("AllowedLeftovers"));
        Assert.Contains(build["AllowedLeftovers"].Messages, message => message.StartsWith("==> Left running, as allowed: ", StringComparison.Ordinal) && message.Contains("sleep", StringComparison.Ordinal));
        Assert.DoesNotContain(build["AllowedLeftovers"].Messages, message => message.Contains("WARNING", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(ContainmentLevels))]
    public void Containment_can_be_chosen(string level)
    {
        Assert.SkipWhen(Levels.Problem(level) is not null, Levels.Problem(level) ?? "");
        var task = build[$"Containment {level}"];
        Assert.True(task.Succeeded, string.Join('\n', task.Events));
        Assert.Contains(task.Messages, message => message.EndsWith($"containment {level}.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("WorkDirectory", "made", true)]
    [InlineData("WorkDirectory in WorkingDirectory", "made/inner", true)]
    [InlineData("RemoveWorkDirectory always", "always", false)]
    public void The_work_directory_of_a_run_that_succeeds(string name, string folder, bool isThere)
    {
        Assert.True(build[name].Succeeded, string.Join('\n', build[name].Events));
        Assert.Equal(isThere, build.HasFolder(folder));
    }

    [Theory]
    [InlineData("WorkDirectory of a run that is ended", "ended", false)]
    [InlineData("RemoveWorkDirectory never", "never", true)]
    public void The_work_directory_of_a_run_that_is_ended(string name, string folder, bool isThere)
    {
        AssertTimedOut(name);
        Assert.Equal(isThere, build.HasFolder(folder));
        Assert.Equal(!isThere, build[name].Messages.Any(message => message.StartsWith("==> Work directory removed: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Retries", "flaky")]
    [InlineData("Retries with LogStandardErrorAsError", "loud")]
    public void A_repeated_run_that_succeeds_is_a_success(string name, string file)
    {
        var task = build[name];
        Assert.True(task.Succeeded, string.Join('\n', task.Events));
        Assert.Empty(task.Errors);
        Assert.Equal(["a.c(1): error X1: flaky", "a.c(1): error X1: flaky"], task.Warnings.Select(warning => warning.Message));
        Assert.Equal(3, build.CountLines(file));
        Assert.Equal("0", task.Value("ExitCode"));
    }

    [Fact]
    public void A_line_that_is_no_error_is_no_warning_when_the_run_is_repeated()
    {
        var task = build["Retries with IgnoreStandardErrorWarningFormat"];
        Assert.True(task.Succeeded);
        Assert.Empty(task.Warnings);
        Assert.Equal(2, task.Messages.Count(message => message == "a.c(1): error X1: flaky"));
    }

    [Fact]
    public void The_last_run_says_its_errors()
    {
        var task = build["Retries that do not help"];
        Assert.False(task.Succeeded);
        Assert.Equal(["X1", "MSB3073"], task.Errors.Select(error => error.Code));
        Assert.Equal(2, task.Warnings.Count);
        Assert.Equal(3, build.CountLines("hopeless"));
        Assert.Equal("7", task.Value("ExitCode"));
    }

    [Fact]
    public void Another_exit_code_is_not_repeated()
    {
        Assert.Equal(["MSB3073"], build["Retries for another exit code"].Errors.Select(error => error.Code));
        Assert.Equal(1, build.CountLines("other"));
    }

    [Fact]
    public void A_run_that_timed_out_is_not_repeated()
    {
        AssertTimedOut("Retries of a run that timed out");
        Assert.Equal(1, build.CountLines("late"));
    }

    [Fact]
    public void What_nobody_reads_any_more_ends_as_in_a_terminal() =>
        Assert.Contains("ended with 141", build["SIGPIPE"].Messages); // 1, and "Broken pipe", with Exec

    [Fact]
    public void The_process_group_is_told()
    {
        var task = build["ProcessGroupId"];
        Assert.Equal(task.Value("ConsoleOutput"), task.Value("ProcessGroupId"));
    }

    [Fact]
    public void The_signal_that_ended_the_command_is_told()
    {
        Assert.Equal("SEGV", build["Signal"].Value("Signal"));
        Assert.Equal("139", build["Signal"].Value("ExitCode"));
        Assert.Equal("", build["ProcessGroupId"].Value("Signal"));
    }

    [Fact]
    public void What_had_left_the_group_is_told()
    {
        AssertTimedOut("Escapees");
        AssertNames("sleep", build["Escapees"].Output("Escapees"));
        Assert.Empty(build.Alive("Escapees"));
    }

    [Fact]
    public void What_the_run_used_is_told()
    {
        Assert.InRange(long.Parse(build["usage"].Value("PeakMemory"), CultureInfo.InvariantCulture), 100_000, 1_000_000_000);
        Assert.InRange(long.Parse(build["usage"].Value("CpuTime"), CultureInfo.InvariantCulture), 1, 60_000);
    }

    private static void AssertNames(string name, IReadOnlyList<ITaskItem> processes)
    {
        var process = Assert.Single(processes);
        Assert.Contains(name, process.ItemSpec, StringComparison.Ordinal);
        Assert.True(int.Parse(process.GetMetadata("ProcessId"), CultureInfo.InvariantCulture) > 1);
    }

    private void AssertTimedOut(string name)
    {
        var task = build[name];
        var error = Assert.Single(task.Errors);
        Assert.Equal(("ORC0012", "Build timed out after 1 s", task.Line), (error.Code, error.Message, error.LineNumber));
        Assert.Equal("124", task.Value("ExitCode"));
        Assert.False(task.Succeeded);
    }
}
