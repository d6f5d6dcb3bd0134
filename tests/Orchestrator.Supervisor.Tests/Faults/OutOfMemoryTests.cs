using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>The kernel kills the command for want of memory.</summary>
public sealed class OutOfMemoryTests : FaultTests
{
    [Theory]
    [MemberData(nameof(Programs))]
    public async Task The_command_is_taken_and_the_rest_is_ended(bool native)
    {
        // The supervisor is in the same control group: what is largest is taken.
        NeedTool("perl");
        var group = NewGroup("memory");
        group.Set("memory.limit_in_bytes", 160 << 20);
        var process = Start(
            native,
            [group.Joining],
            [
                "--events",
                EventFile,
                "--work-dir",
                Work,
                "--remove-work-dir",
                "always",
                "--",
                "perl",
                "-e",
                "if (!fork) { exec 'setsid', 'sleep', $ARGV[0] } if (!fork) { exec 'sleep', $ARGV[0] } my @held; push @held, 'x' x 1_000_000 while 1",
                Marker.Seconds,
            ]);

        Assert.Equal((137, ""), await EndAsync(process));
        Assert.Matches("oom_kill [1-9]", group.Get("memory.oom_control"));
        Assert.Empty(Marker.Alive());
        Assert.False(System.IO.Directory.Exists(Work));
        Assert.Equal("KILL", Assert.Single(Events("exited")).GetProperty("signal").GetString());
        Assert.NotEmpty(Events("leftover"));
    }
}
