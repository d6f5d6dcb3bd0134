using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("verify")]
    [InlineData("prepare")]
    [InlineData("pkgver")]
    [InlineData("build")]
    [InlineData("check")]
    [InlineData("package")]
    public async Task Cancelling_a_function_ends_all_that_it_started_and_removes_the_work_directory(string function)
    {
        var others = function == "package" ? "" : "package() { :; }\n";
        workshop.Pkgbuild(Workshop.Head + others + $$"""
            {{function}}() {
              sleep 600 & setsid sleep 600 & (setsid sleep 600 &)
              echo "ready" >&2
              sleep 600
            }
            """);

        await workshop.CancelAtAsync("ready");

        Assert.Contains(workshop.Lines, line => line.StartsWith("==> Killing process group PGID: ", StringComparison.Ordinal));
        Assert.Contains("==> SIGTERM sent to process group", workshop.Lines);
        Assert.False(Directory.Exists(Path.Combine(workshop.Output, "sample")));
    }

    [Fact]
    public async Task The_lines_of_a_cancelled_build_are_those_of_the_specification_and_in_its_order()
    {
        workshop.Pkgbuild(Workshop.Head + "build() {\n  trap '' TERM\n  echo \"pgid $BASHPID\"\n  while :; do sleep 600; done\n}\npackage() { :; }\n");

        await workshop.CancelAtAsync("pgid ", options => options with { GracePeriod = TimeSpan.FromMilliseconds(100) });

        var pgid = workshop.Lines.First(line => line.StartsWith("pgid ", StringComparison.Ordinal))["pgid ".Length..];
        var lines = workshop.Lines.SkipWhile(line => line != "==> Build cancelled, killing process group...").ToList();
        Assert.Equal(
            [
                "==> Build cancelled, killing process group...",
                $"==> Killing process group PGID: {pgid}",
                "==> SIGTERM sent to process group",
                "==> SIGKILL sent to process group",
            ],
            lines[..4]);
        Assert.Matches($"^==> Work directory removed: {Regex.Escape(workshop.Work)}/sample\\.[0-9a-f]+$", lines[^1]);
    }

    [Fact]
    public async Task A_second_wish_to_end_does_not_wait_for_the_grace_period()
    {
        workshop.Pkgbuild(Workshop.Head + "build() {\n  trap '' TERM\n  echo ready\n  while :; do sleep 600; done\n}\npackage() { :; }\n");
        using CancellationTokenSource cancel = new();
        using CancellationTokenSource kill = new();
        var build = workshop.BuildUntilAsync(cancel.Token, kill.Token, options => options with { GracePeriod = TimeSpan.FromMinutes(10) });
        await workshop.LineAsync("ready");

        await cancel.CancelAsync();
        await workshop.LineAsync("==> SIGTERM sent to process group");
        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task Keep_does_not_keep_what_was_cancelled()
    {
        workshop.Pkgbuild(Workshop.Head + "build() { echo ready; sleep 600; }\npackage() { :; }\n");

        await workshop.CancelAtAsync("ready", options => options with { Keep = true });
    }

    [Fact]
    public async Task Cancelling_while_an_archive_is_unpacked_leaves_nothing()
    {
        await MakeBigAsync("big.tar", 400);
        workshop.Pkgbuild(Workshop.Head + "source=(big.tar)\nsha256sums=(SKIP)\npackage() { :; }\n");

        await workshop.CancelAtAsync("Extracting big.tar");
    }

    [Fact]
    public async Task Cancelling_while_sums_are_computed_leaves_nothing()
    {
        await MakeBigAsync("big.tar", 400);
        workshop.Pkgbuild(Workshop.Head + "source=(big.tar)\nnoextract=(big.tar)\nb2sums=(" + new string('0', 128) + ")\npackage() { :; }\n");

        await workshop.CancelAtAsync("Found big.tar");
    }

    [Fact]
    public async Task Cancelling_while_the_archive_is_written_leaves_nothing_in_the_output()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { head -c 400000000 /dev/urandom > \"$pkgdir/big\"; }\n");

        await workshop.CancelAtAsync("Compressing package");

        Assert.Equal([".orchestrator"], Directory.GetFileSystemEntries(workshop.Output).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Cancelling_a_git_fetch_leaves_no_half_made_mirror()
    {
        Assert.SkipUnless(Workshop.HasCommand("git"), "needs git");
        await using TestServer server = new(_ => Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken));
        workshop.Pkgbuild(Workshop.Head + $"source=(git+{server.Address}repository.git)\nsha256sums=(SKIP)\npackage() {{ :; }}\n");
        using CancellationTokenSource cancel = new();
        var build = workshop.BuildUntilAsync(cancel.Token, CancellationToken.None);
        await server.RequestAsync();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        workshop.AssertNothingLeft();
        Assert.All(Directory.GetDirectories(Path.Combine(workshop.Cache, "git")), folder => Assert.Empty(Directory.GetFileSystemEntries(folder)));
    }

    [Fact]
    public async Task A_build_that_is_cancelled_before_it_begins_does_nothing()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => workshop.BuildUntilAsync(new CancellationToken(canceled: true), CancellationToken.None));

        Assert.Equal(["==> Build cancelled, killing process group..."], workshop.Lines);
        Assert.False(Directory.Exists(workshop.Work));
    }

    [Fact]
    public async Task Cancelling_at_any_moment_leaves_nothing_and_never_a_half_of_a_package()
    {
        workshop.With("data.tar", []);
        await MakeBigAsync("data.tar", 5);
        workshop.Pkgbuild(Workshop.Head + """
            source=(data.tar)
            sha256sums=(SKIP)
            prepare() { sleep 0.01; }
            build() { (setsid sleep 0.3 &); sleep 0.02; }
            package() { cp big "$pkgdir/one"; cp big "$pkgdir/two"; }
            """);
        var whole = Stopwatch.StartNew();
        await workshop.BuildAsync(options => options with { Force = true });
        var moments = whole.Elapsed;

        const int count = 25;
        for (var index = 0; index < count; index++)
        {
            using CancellationTokenSource cancel = new(moments * index / count);
            try
            {
                await workshop.BuildUntilAsync(cancel.Token, CancellationToken.None, options => options with { Force = true });
            }
            catch (OperationCanceledException)
            {
                // Most do not get to their end.
            }

            workshop.AssertNothingLeft();
            Assert.Equal(
                (await File.ReadAllBytesAsync(Path.Combine(workshop.Output, "sample", "one"), TestContext.Current.CancellationToken)).Length,
                (await File.ReadAllBytesAsync(Path.Combine(workshop.Output, "sample", "two"), TestContext.Current.CancellationToken)).Length);
        }
    }

    private Task<string> MakeBigAsync(string name, int megabytes) => Workshop.RunAsync(
        workshop.StartDirectory,
        "bash",
        "-c",
        string.Create(CultureInfo.InvariantCulture, $"head -c {megabytes}M /dev/zero > big && tar -cf {name} big && rm big"));
}
