namespace Orchestrator.Supervisor.Tests;

public sealed class ExitStatusTests : SupervisorTests
{
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_status_is_the_commands_own(bool native)
    {
        Assert.Equal(0, (await RunAsync(native, "--", "true")).ExitCode);
        Assert.Equal(7, (await RunAsync(native, "sh", "-c", "exit 7")).ExitCode);
        Assert.Equal(128 + 9, (await RunAsync(native, "--", "sh", "-c", "kill -KILL $$")).ExitCode);
        Assert.Equal(127, (await RunAsync(native, "--", "orchestrator-no-such-program")).ExitCode);
        Assert.Equal(126, (await RunAsync(native, "--", "/")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Output_passes_through_unchanged_and_nothing_is_added(bool native)
    {
        var (_, output, error) = await RunAsync(native, "--", "sh", "-c", "printf 'a\\nb'; printf c >&2");

        Assert.Equal(("a\nb", "c"), (output, error));
    }

    [Theory]
    [InlineData("no command", "--grace", "1")]
    [InlineData("the command is empty", "--", "")]
    [InlineData("unknown option '--nonsense'", "--nonsense", "--", "true")]
    [InlineData("--grace '-1'", "--grace", "-1", "--", "true")]
    [InlineData("--grace '99999999999'", "--grace=99999999999", "--", "true")]
    [InlineData("--timeout needs a value", "--timeout")]
    [InlineData("--signal 'NONE'", "--signal", "NONE", "--", "true")]
    [InlineData("--leftovers 'eat'", "--leftovers", "eat", "--", "true")]
    [InlineData("--umask '9'", "--umask", "9", "--", "true")]
    [InlineData("--owner 'me'", "--owner", "me", "--", "true")]
    [InlineData("--owner '0'", "--owner", "0", "--", "true")]
    [InlineData("--hold takes no command", "--hold", "--work-dir", "w", "--", "true")]
    [InlineData("--hold needs --work-dir", "--hold")]
    [InlineData("--events '/no/such/place'", "--events", "/no/such/place", "--", "true")]
    [InlineData("'/no/such/place' does not exist", "--directory", "/no/such/place", "--", "true")]
    public async Task Bad_usage_is_one_line_that_says_what_is_wrong(string message, params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(true, arguments);

        Assert.Equal((125, ""), (exitCode, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Bytes_that_are_not_UTF8_reach_the_command(bool native)
    {
        // Started through bash, since .NET cannot pass such an argument itself.
        var line = string.Join(' ', Orchestrator.Testing.Supervise.CommandLine(native).Select(word => $"'{word}'"));
        var process = StartOther("bash", "-c", line + " -- bash -c 'printf %s \"$1$V\" | od -An -tx1' x $'a\\xffb'");

        Assert.Equal(" 61 ff 62", (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_command_gets_no_descriptor_of_ours_and_no_signal_is_ignored_or_blocked_in_it(bool native)
    {
        var events = Directory.Combine("events");

        var (_, output, _) = await RunAsync(
            native,
            "--events",
            events,
            "--work-dir",
            Directory.Combine("w"),
            "--",
            "bash",
            "-c",
            "for fd in /proc/$$/fd/*; do readlink \"$fd\"; done; grep -E 'SigBlk|SigIgn' /proc/$$/status");

        Assert.DoesNotContain(events, output, StringComparison.Ordinal);
        Assert.DoesNotContain("orchestrator-work", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pidfd", output, StringComparison.Ordinal);
        Assert.DoesNotContain("eventfd", output, StringComparison.Ordinal);
        Assert.Contains("SigBlk:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Matches("SigIgn:\t0000000[0-9a-f]80000000|SigIgn:\t0000000000000000", output); // 32 and 33 are the C library's
    }

    [Fact]
    public async Task CANCEL_TIMEOUT_MS_is_the_grace_period_and_a_wrong_one_is_said_and_passed_over()
    {
        var process = StartOther("env", ["CANCEL_TIMEOUT_MS=soon", .. Orchestrator.Testing.Supervise.CommandLine(), "--", "true"]);

        Assert.Equal(0, await Orchestrator.Testing.Supervise.ExitAsync(process));
        Assert.Contains("CANCEL_TIMEOUT_MS", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
