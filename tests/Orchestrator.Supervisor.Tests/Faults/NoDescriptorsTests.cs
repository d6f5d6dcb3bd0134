using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests.Faults;

/// <summary>No file descriptors are left (RLIMIT_NOFILE).</summary>
public sealed class NoDescriptorsTests : FaultTests
{
    [Theory]
    [InlineData("group")]
    [InlineData("supervised")]
    [InlineData("auto")]
    public async Task Whatever_the_limit_a_run_is_ended_or_not_begun(string containment)
    {
        // Every limit from too few to start with to enough: somewhere each open(2) of ours fails once.
        var (refused, ended) = (0, 0);
        var escape = containment == "group" ? "" : "setsid";
        for (var limit = 3; limit < 24; limit++)
        {
            var work = Directory.Combine($"work {limit}");
            var process = Start(
                true,
                [Sandbox.Limited("nofile", limit)],
                ["--containment", containment, "--grace", "100", "--work-dir", work, "--remove-work-dir", "always", "--", "sh", "-c", $"trap '' TERM; {escape} sleep {Marker.Seconds} & sleep {Marker.Seconds} & echo READY; wait"]);
            if (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) == "READY")
            {
                Signal.Send(process, Signal.Term);
            }

            var (status, error) = await EndAsync(process);
            Assert.Empty(Marker.Alive());
            if (status == 125)
            {
                refused++;
                Assert.NotEmpty(error);
            }
            else
            {
                ended++;
                Assert.Equal((143, ""), (status, error));
                Assert.False(System.IO.Directory.Exists(work));
            }
        }

        Assert.NotEqual(0, refused);
        Assert.NotEqual(0, ended);
    }

    [Fact]
    public async Task Whatever_the_limit_the_managed_supervisor_ends_a_run_or_does_not_begin_it()
    {
        var ended = 0;
        for (var limit = 10; limit < 220; limit += 6)
        {
            var process = Start(
                false,
                [Sandbox.Limited("nofile", limit)],
                ["--grace", "100", "--work-dir", Directory.Combine($"work {limit}"), "--remove-work-dir", "always", "--", "sh", "-c", $"trap '' TERM; setsid sleep {Marker.Seconds} & sleep {Marker.Seconds} & echo READY; wait"]);
            if (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) == "READY")
            {
                Signal.Send(process, Signal.Term);
                var (status, error) = await EndAsync(process);
                ended += status == 143 ? 1 : 0;
                Assert.True(status == 143 || (status == 125 && error.Length > 0), $"status {status}: {error}");
            }
            else
            {
                Assert.NotEqual(0, await Supervise.ExitAsync(process));
            }

            Assert.Empty(Marker.Alive());
        }

        Assert.NotEqual(0, ended);
    }

    [Fact]
    public async Task A_deep_work_directory_is_removed_with_few_descriptors()
    {
        var deep = $"{Work}/{string.Join('/', Enumerable.Range(0, 100).Select(depth => $"d{depth}"))}";
        var process = Start(
            true,
            [Sandbox.Limited("nofile", 20)],
            ["--work-dir", Work, "--remove-work-dir", "always", "--", "sh", "-c", $"mkdir -p '{deep}' && chmod 555 '{Work}/d0/d1' && touch '{deep}/file'; exit 5"]);

        Assert.Equal((5, ""), await EndAsync(process));
        Assert.False(System.IO.Directory.Exists(Work));
    }
}
