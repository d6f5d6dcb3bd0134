using Cake.Common;
using Cake.Core;
using Cake.Core.IO;
using Orchestrator.Processes;
using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

public sealed class ProcessGroupTests : IDisposable
{
    private readonly FakeCake cake = new();
    private readonly Marker marker = new();

    public static TheoryData<string, string> Commands => new()
    {
        { "true", "" },
        { "false", "" },
        { "bash", "-c \"exit 3\"" },
        { "bash", "-c \"kill -TERM $$\"" },
        { "printf", "%s|\\n a \"b c\" d\\\"e" },
        { "bash", "-c \"echo out; echo err >&2; printf no-newline\"" },
        { "bash", "-c \"echo $CAKE $CAKE_VERSION $EXTRA; pwd; echo '' ; echo x\"" },
        { "seq", "2000" },
    };

    public void Dispose()
    {
        marker.KillAll();
        cake.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void It_gives_what_StartProcess_gives(string program, string arguments)
    {
        var expectedCode = cake.StartProcess(program, Settings(), out var expectedOutput, out var expectedErrors);
        var code = cake.StartProcessGroup(program, Settings(), out var output, out var errors);

        Assert.Equal(expectedCode, code);
        Assert.Equal(expectedOutput, output!);
        Assert.Equal(expectedErrors, errors!);

        ProcessSettings Settings() => new()
        {
            Arguments = arguments,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            EnvironmentVariables = new Dictionary<string, string> { ["EXTRA"] = "a b" },
            WorkingDirectory = Directory.CreateDirectory(cake.Combine("sub")).Name,
        };
    }

    [Fact]
    public void Handlers_see_each_line_and_keep_what_they_return()
    {
        List<string?> seen = [];
        ProcessSettings settings = new()
        {
            Arguments = "2",
            RedirectStandardOutput = true,
            RedirectedStandardOutputHandler = line =>
            {
                seen.Add(line);
                return line == "1" ? null : line + "!";
            },
        };

        Assert.Equal(0, cake.StartProcessGroup("seq", settings, out var output));
        Assert.Equal(["2!", "!"], output!);
        Assert.Equal(["1", "2", null], seen);
    }

    [Fact]
    public void A_handler_that_throws_ends_the_run_with_its_error()
    {
        ProcessSettings settings = new()
        {
            Arguments = $"-c \"echo first; setsid sleep {marker.Seconds} & sleep {marker.Seconds}\"",
            RedirectStandardOutput = true,
            RedirectedStandardOutputHandler = line => throw new InvalidOperationException($"no {line}"),
        };

        Assert.Equal("no first", Assert.Throws<InvalidOperationException>(() => cake.StartProcessGroup("bash", settings, out _)).Message);
        Assert.Empty(marker.Alive());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_throws_does_not_keep_who_reads_the_output_waiting(bool onlyAtTheEnd)
    {
        using var process = cake.StartAndReturnProcessGroup("seq", new ProcessSettings
        {
            Arguments = "2",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectedStandardOutputHandler = line => onlyAtTheEnd && line is not null ? line : throw new InvalidOperationException("broken"),
        });

        var read = Task.Run(() => (string[])[.. process.GetStandardOutput(), .. process.GetStandardError()], TestContext.Current.CancellationToken);
        Assert.Equal(onlyAtTheEnd ? ["1", "2"] : [], await read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(process.WaitForExit).Message);
    }

    [Fact]
    public void Names_of_variables_are_upper_or_lower_case_as_for_StartProcess()
    {
        ProcessSettings settings = new()
        {
            Arguments = "-c \"echo ${PATH%%:*}${path-}\"",
            RedirectStandardOutput = true,
            EnvironmentVariables = new Dictionary<string, string> { ["Path"] = "/mine:/usr/bin:/bin" },
        };

        cake.StartProcess("bash", settings, out var expected);
        cake.StartProcessGroup("bash", settings, out var output);
        Assert.Equal(["/mine"], expected!);
        Assert.Equal(["/mine"], output!);
    }

    [Fact]
    public void What_is_not_redirected_is_null()
    {
        Assert.Equal(0, cake.StartProcessGroup("true", new ProcessSettings(), out var output, out var errors));
        Assert.Null(output);
        Assert.Null(errors);
    }

    [Fact]
    public void A_program_of_the_working_directory_goes_before_one_in_PATH()
    {
        cake.WriteProgram("ls", "exit 42");

        Assert.Equal(42, cake.StartProcessGroup("./ls"));
    }

    [Fact]
    public void A_program_is_looked_for_in_the_PATH_of_Cake_and_not_in_the_one_it_gets()
    {
        ProcessSettings settings = new() { EnvironmentVariables = new Dictionary<string, string> { ["PATH"] = "/nowhere" } };

        Assert.Equal(0, cake.StartProcess("true", settings));
        Assert.Equal(0, cake.StartProcessGroup("true", settings));
    }

    [Fact]
    public void A_secret_is_not_logged()
    {
        var arguments = new ProcessArgumentBuilder().Append("%s\\n").AppendSecret("geheim");
        cake.StartProcessGroup("printf", new ProcessSettings { Arguments = arguments, RedirectStandardOutput = true }, out var output);

        Assert.Equal(["geheim"], output!.ToList());
        Assert.Contains("Executing: printf", cake.Lines.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", cake.Lines.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Silent_means_that_the_command_line_is_not_logged()
    {
        cake.StartProcessGroup("true", new ProcessSettings { Silent = true });

        Assert.DoesNotContain("Executing", cake.Lines.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_command_leaves_behind_is_ended_with_it()
    {
        Assert.Equal(0, cake.StartProcessGroup("bash", $"-c \"setsid sleep {marker.Seconds} >/dev/null 2>&1 & sleep {marker.Seconds} & true\""));
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public void When_its_time_is_over_nothing_of_it_is_left()
    {
        var error = Assert.Throws<TimeoutException>(() =>
            cake.StartProcessGroup("bash", new ProcessSettings { Arguments = $"-c \"setsid sleep {marker.Seconds} & sleep {marker.Seconds}\"", Timeout = 300 }));

        Assert.Equal("Build timed out after 0.3 s: bash", error.Message);
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public async Task One_that_is_not_waited_for_is_ended_by_Kill_with_all_that_it_started()
    {
        using var process = cake.StartAndReturnProcessGroup("bash", new ProcessSettings { Arguments = $"-c \"setsid sleep {marker.Seconds} & sleep {marker.Seconds}\"" });
        await marker.UntilAliveAsync(3);

        process.Kill();

        Assert.Empty(marker.Alive());
        Assert.Equal(143, process.GetExitCode());
        Assert.Equal(RunEnd.Cancelled, process.Result.EndedBy);
    }

    [Fact]
    public async Task WaitForExit_with_a_time_ends_it_when_that_is_over()
    {
        using var process = cake.StartAndReturnProcessGroup("sleep", new ProcessSettings { Arguments = marker.Seconds });
        await marker.UntilAliveAsync(1);

        Assert.False(process.WaitForExit(50));
        Assert.Empty(marker.Alive());
    }

    [Fact]
    public void Settings_of_ours_say_how_it_is_ended()
    {
        ProcessGroupSettings settings = new()
        {
            Arguments = $"-c \"trap 'exit 9' INT; sleep {marker.Seconds} & wait\"",
            ToolTimeout = TimeSpan.FromMilliseconds(300),
            CancelSignal = "SIGINT",
            GracePeriod = TimeSpan.FromMilliseconds(100),
            WorkDirectory = "work",
            WorkDirectoryRemoval = WorkDirectoryRemoval.Always,
        };

        Assert.Throws<TimeoutException>(() => cake.StartProcessGroup("bash", settings));
        Assert.Empty(marker.Alive());
        Assert.False(Directory.Exists(cake.Combine("work")));
    }

    [Fact]
    public void Settings_of_a_tool_are_honoured()
    {
        var posted = 0;
        ProcessGroupSettings settings = new()
        {
            ToolPath = cake.WriteProgram("tool", "exit $1"),
            Arguments = "5",
            ArgumentCustomization = arguments => arguments.PrependQuoted("7"),
            HandleExitCode = code => code == 7,
            PostAction = process => posted = process.GetExitCode(),
        };

        Assert.Equal(7, cake.StartProcessGroup("other", settings));
        Assert.Equal(7, posted);
        (settings.Arguments, settings.ArgumentCustomization) = ("5", null);
        Assert.Equal(5, Assert.Throws<CakeException>(() => cake.StartProcessGroup("other", settings)).ExitCode);
    }

    [Fact]
    public void Leftovers_that_are_allowed_live_and_others_can_be_made_an_error()
    {
        ProcessGroupSettings settings = new() { Arguments = $"-c \"sleep {marker.Seconds} >/dev/null 2>&1 &\"", Leftovers = LeftoversPolicy.Fail };
        Assert.Equal(120, cake.StartProcessGroup("bash", settings));
        Assert.Empty(marker.Alive());

        settings.AllowedLeftovers.Add("sleep");
        Assert.Equal(0, cake.StartProcessGroup("bash", settings));
        Assert.NotEmpty(marker.Alive());
    }

    [Fact]
    public void What_cannot_be_run_is_one_clear_error()
    {
        var error = Assert.Throws<CakeException>(() => cake.StartProcessGroup("no-such-program"));

        Assert.Equal(127, error.ExitCode);
        Assert.Contains("no-such-program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_is_one_clear_error()
    {
        Assert.Contains("StartProcessGroup: the program must be given", Assert.Throws<CakeException>(() => cake.StartProcessGroup(null!)).Message, StringComparison.Ordinal);
        Assert.Contains("StartProcessGroup: the settings must be given", Assert.Throws<CakeException>(() => cake.StartProcessGroup("true", (ProcessSettings)null!)).Message, StringComparison.Ordinal);
        Assert.Contains("StartAndReturnProcessGroup: the program must be given", Assert.Throws<CakeException>(() => cake.StartAndReturnProcessGroup(null!)).Message, StringComparison.Ordinal);
        Assert.Contains("StartAndReturnProcessGroup: the settings must be given", Assert.Throws<CakeException>(() => cake.StartAndReturnProcessGroup("true", (ProcessGroupSettings)null!)).Message, StringComparison.Ordinal);
        Assert.Contains("'KILLL' is not the name of a signal", Assert.Throws<CakeException>(() => cake.StartProcessGroup("true", new ProcessGroupSettings { CancelSignal = "KILLL" })).Message, StringComparison.Ordinal);
        Assert.Throws<CakeException>(() => cake.StartProcessGroup("true", new ProcessSettings { Timeout = -1 }));
        Assert.Throws<CakeException>(() => cake.StartProcessGroup("true", new ProcessGroupSettings { GracePeriod = TimeSpan.FromSeconds(-1) }));
    }

    [Fact]
    public void In_place_of_Cakes_runner_it_contains_what_StartProcess_starts()
    {
        ProcessGroupRunner runner = new(cake.FileSystem, cake.Environment, cake.Log, cake.Configuration);
        using var process = runner.Start("bash", new ProcessSettings { Arguments = $"-c \"setsid sleep {marker.Seconds} >/dev/null 2>&1 & exit 4\"" });
        process.WaitForExit();

        Assert.Equal(4, process.GetExitCode());
        Assert.Empty(marker.Alive());
    }
}
