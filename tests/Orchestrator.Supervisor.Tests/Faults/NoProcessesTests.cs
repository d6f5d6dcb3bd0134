using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>fork(2) fails.</summary>
public sealed class NoProcessesTests : FaultTests
{
    private const int Limit = 60;

    // Forks until it cannot any more: children that follow SIGTERM and deaf ones, in the group and in sessions of their own.
    private const string Fill = """
        use POSIX;
        for (my $i = 0; ; $i++) {
            my $pid = fork;
            last unless defined $pid;
            next if $pid;
            setsid if $i % 2;
            $SIG{TERM} = 'IGNORE' if $i % 3 == 0;
            exec 'sleep', $ARGV[0];
        }
        $| = 1;
        print "READY\n";
        sleep 3600;
        """;

    public static TheoryData<bool, string, string> Cases
    {
        get
        {
            var data = new TheoryData<bool, string, string>();
            foreach (var native in (bool[])[true, false])
            {
                foreach (var limit in (string[])["RLIMIT_NPROC", "pids"])
                {
                    foreach (var end in (string[])["TERM", "owner", "timeout"])
                    {
                        data.Add(native, limit, end);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_run_is_ended_while_nothing_can_be_forked(bool native, string limit, string end)
    {
        NeedTool("perl");
        var owner = StartOther("sleep", "3600");
        var process = Start(
            native,
            LimitTo(limit, Limit),
            ["--owner", $"{owner.Id}", "--events", EventFile, "--grace", "300", "--work-dir", Work, "--remove-work-dir", "always", .. end == "timeout" ? (string[])["--timeout", "3000"] : [], "--", "perl", "-e", Fill, Marker.Seconds]);
        await WaitForReadyAsync(process);
        Assert.InRange(Marker.Pids().Count, 30, Limit);
        switch (end)
        {
            case "TERM": Signal.Send(process, Signal.Term); break;
            case "owner": Signal.Send(owner, Signal.Kill); break;
        }

        Assert.Equal((end == "timeout" ? 124 : 143, ""), await EndAsync(process));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
        Assert.Single(Events("empty"));
    }

    [Theory]
    [InlineData(true, "RLIMIT_NPROC")]
    [InlineData(true, "pids")]
    [InlineData(false, "RLIMIT_NPROC")]
    [InlineData(false, "pids")]
    public async Task A_command_that_cannot_be_forked_is_one_clear_error(bool native, string limit)
    {
        // From a limit at which not even the runtime starts to the first that is enough.
        var marker = Directory.Combine("ran");
        var errors = new List<string>();
        for (var processes = 1; ; processes++)
        {
            var process = Start(native, LimitTo(limit, processes), "--work-dir", Work, "--remove-work-dir", "always", "--", "/bin/mkdir", marker);
            var (status, error) = await EndAsync(process);
            if (status == 0)
            {
                break;
            }

            Assert.InRange(processes, 1, 30);
            Assert.False(System.IO.Directory.Exists(marker));
            Assert.False(System.IO.Directory.Exists(Work));
            errors.Add(error);

            // What the managed program's host says is not ours.
            if (native || !error.Contains("CoreCLR", StringComparison.Ordinal))
            {
                Assert.Equal(125, status);
                Assert.Single(error.TrimEnd('\n').Split('\n'));
            }
        }

        Assert.True(System.IO.Directory.Exists(marker));
        Assert.NotEmpty(errors);
        if (native)
        {
            Assert.Contains(errors, error => error.Contains("no more processes are allowed", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_keeper_ends_its_runs_while_nothing_can_be_forked(bool native)
    {
        NeedTool("perl");
        var owner = StartOther("sleep", "3600");
        var sandbox = LimitTo("RLIMIT_NPROC", Limit);
        var keeper = Start(native, sandbox, "--owner", $"{owner.Id}", "--events", EventFile, "--hold", "--work-dir", Work, "--remove-work-dir", "always");
        await UntilEventAsync("started");
        var run = Start(native, sandbox, "--owner", $"{owner.Id}", "--grace", "300", "--work-dir", Work, "--remove-work-dir", "never", "--", "perl", "-e", Fill, Marker.Seconds);
        await WaitForReadyAsync(run);
        Signal.Send(owner, Signal.Kill);

        Assert.Equal((143, ""), await EndAsync(run));
        Assert.Equal((143, ""), await EndAsync(keeper));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
    }

    private IReadOnlyList<IReadOnlyList<string>> LimitTo(string limit, int processes)
    {
        NeedRoot();
        if (limit == "RLIMIT_NPROC")
        {
            NeedTool("setpriv");
            return [Sandbox.AsUser(NewUser()), Sandbox.Limited("nproc", processes)];
        }

        var group = NewGroup("pids");
        group.Set("pids.max", processes);
        return [group.Joining];
    }
}
