using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

/// <summary>The sweep at the next start, against what a power cut, a hostile build or another sweep can leave in its way.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Ours = "pkg.0123456789ab";
    private readonly TestDirectory directory = new();
    private readonly Marker marker = new();

    private string Root => directory.Combine("work");

    public void Dispose()
    {
        marker.KillAll();
        directory.Dispose();
    }

    [Fact]
    public async Task A_directory_that_became_a_link_is_not_followed()
    {
        directory.Write("precious/file", "mine");
        var path = PowerCut.Leave(Root, Ours);
        PowerCut.Mark(directory.Combine("precious"), Guid.NewGuid().ToString("N"));
        await Shell.MustAsync("mv \"$1\" \"$1.moved\"; ln -s \"$2\" \"$1\"", path, directory.Combine("precious"));

        var result = await SweepAsync();

        Assert.Equal([path + ".moved"], result.Removed);
        Assert.Equal([path + ": it is a symbolic link"], result.Problems);
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.Combine("precious/file"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("", "work directory")]
    [InlineData("/sub", "a directory in it")]
    [InlineData("/sub/deep/deeper", "far below")]
    public async Task A_directory_that_becomes_a_link_at_any_moment_is_not_followed(string below, string what)
    {
        // As fast as it goes, the name is now a directory full of files and now a link to what must stay.
        directory.Write("precious/file", "mine");
        directory.Write("precious/more/file", "mine");
        for (var round = 0; round < 40; round++)
        {
            var path = PowerCut.Leave(Root, Ours);
            var swapped = path + below;
            await Shell.MustAsync("mkdir -p \"$1\"; cd \"$1\"; mkdir -p more a b c; touch a/{1..20} b/{1..20} c/{1..20} file", swapped);
            using var stop = new CancellationTokenSource();
            var swapping = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested && Directory.Exists(path))
                {
                    try
                    {
                        Directory.Move(swapped, directory.Combine("away"));
                        File.CreateSymbolicLink(swapped, directory.Combine("precious"));
                        File.Delete(swapped);
                        Directory.Move(directory.Combine("away"), swapped);
                    }
                    catch (IOException)
                    {
                        // The sweep was faster.
                    }
                }
            }, CancellationToken.None);

            _ = await SweepAsync();
            await stop.CancelAsync();
            await swapping;

            Assert.True(File.Exists(directory.Combine("precious/file")) && File.Exists(directory.Combine("precious/more/file")), $"{what}, round {round}");
            await Shell.MustAsync("rm -rf \"$1\" \"$2\"", path, directory.Combine("away"));
        }
    }

    [Fact]
    public async Task What_is_immutable_is_named_exactly_and_goes_when_it_no_longer_is()
    {
        var path = PowerCut.Leave(Root, Ours);
        var immutable = PowerCut.Leave(Root, "top.0123456789ab");
        var marked = PowerCut.Leave(Root, "marker.0123456789ab");
        await Shell.MustAsync("cd \"$1\"; mkdir -p a/b/c d/e; touch a/b/c/file a/b/other d/e/{1..50} log $'line\\nbreak' rest; touch \"$2\"/{1..50}", path, immutable);
        var names = "a/b/c/file d log $'line\\nbreak' \"$2\" \"$3/.orchestrator-work\"";
        var (status, text) = await Shell.RunAsync($"cd \"$1\"; chattr +i a/b/c/file d $'line\\nbreak' \"$2\" \"$3/.orchestrator-work\" && chattr +a log", path, immutable, marked);
        Assert.SkipUnless(status == 0, $"no immutable files here: {text}");
        try
        {
            var result = await SweepAsync();

            Assert.Empty(result.Removed);
            Assert.Equal(
                new[]
                {
                    $"{marked}: it is immutable (chattr +i)",
                    $"{path}/a/b/c/file: it is immutable (chattr +i)",
                    $"{path}/d: it is immutable (chattr +i)",
                    $"{path}/line\\x0abreak: it is immutable (chattr +i)",
                    $"{path}/log: it is append-only (chattr +a)",
                    $"{immutable}: it is immutable (chattr +i)",
                }.Order(StringComparer.Ordinal),
                result.Problems.Order(StringComparer.Ordinal));
            Assert.False(File.Exists(Path.Combine(path, "rest")) || File.Exists(Path.Combine(path, "a/b/other")));
        }
        finally
        {
            await Shell.MustAsync($"cd \"$1\"; chattr -i -a {names}", path, immutable, marked);
        }

        Assert.Equal(3, (await SweepAsync()).Removed.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task Very_many_problems_are_told_in_part_and_counted()
    {
        var path = PowerCut.Leave(Root, Ours);
        var (status, text) = await Shell.RunAsync("cd \"$1\"; touch {1..250}; chattr +i {1..250}", path);
        Assert.SkipUnless(status == 0, $"no immutable files here: {text}");
        try
        {
            var result = await SweepAsync();

            Assert.Equal(101, result.Problems.Count);
            Assert.Equal($"{path}: 150 more could not be removed", result.Problems[^1]);
        }
        finally
        {
            await Shell.MustAsync("cd \"$1\"; chattr -i {1..250}", path);
        }
    }

    [Fact]
    public async Task Names_of_any_bytes_and_of_any_depth_are_removed()
    {
        var path = PowerCut.Leave(Root, Ours);
        await Shell.MustAsync(
            """
            cd "$1" && perl -e '
                my @names = map { ("\x{1}" . chr($_), chr($_) x 255) } grep { $_ != 47 } 1..255;
                push @names, map { chr($_) } grep { $_ != 47 && $_ != 46 } 1..255;
                push @names, "...", "....", "-rf", "\xff\xfe", "\xed\xa0\x80", "a\nb", ".orchestrator-deep-1";
                for my $name (@names) { if (length($name) % 2) { open(my $file, ">", $name) or die "$!" } else { mkdir $name or die "$!"; mkdir "$name/\xff"; } }
                for (1..3000) { mkdir "d" x 100 and chdir "d" x 100 or die "$!"; open(my $file, ">", "f") or die "$!" }'
            """,
            path);

        var result = await SweepAsync();

        Assert.Empty(result.Problems);
        Assert.Equal([path], result.Removed);
    }

    [Fact]
    public async Task Hard_links_sockets_pipes_and_devices_go_and_what_they_share_stays()
    {
        var path = PowerCut.Leave(Root, Ours);
        var precious = directory.Write("precious", "mine");
        await Shell.MustAsync(
            """
            cd "$1"; ln "$2" hard; mkfifo fifo; perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
            chmod 0 hard; [ $(id -u) != 0 ] || { mknod null c 1 3; mknod disk b 7 200; }
            """,
            path,
            precious);

        var result = await SweepAsync();

        Assert.Equal([path], result.Removed);
        Assert.Equal(1, new FileInfo(precious).Length / 4);
    }

    [Fact]
    public async Task A_directory_that_is_written_to_meanwhile_does_not_hold_up_the_sweep_and_is_still_ours_afterwards()
    {
        var path = PowerCut.Leave(Root, Ours);
        Directory.CreateDirectory(Path.Combine(path, "a/b"));
        using var writer = Process.Start("perl", ["-e", "$0 = $ARGV[1]; chdir $ARGV[0] or die; for (my $i = 0; ; $i++) { open(my $a, '>', \"a/b/f$i\"); open(my $b, '>', \"f$i\"); mkdir 'a'; mkdir 'a/b'; }", path, marker.Seconds]);
        await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(path, "f9")) || writer.HasExited, "files come");

        var result = await SweepAsync().WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        // Not of the run, it is not ended. It can be faster than the sweep, or slower.
        Assert.False(writer.HasExited);
        Signal.Send(writer, Signal.Kill);
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (result.Removed.Count == 0)
        {
            Assert.NotEmpty(result.Problems);
            Assert.All(result.Problems, problem => Assert.StartsWith(path, problem, StringComparison.Ordinal));
            Assert.Equal([path], (await SweepAsync()).Removed);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task A_hundred_thousand_files_are_removed()
    {
        var path = PowerCut.Leave(Root, Ours);
        await Shell.MustAsync("cd \"$1\"; mkdir d{1..1000}; for d in d*; do (cd $d; touch {1..50}); done; mkdir flat; cd flat; seq 50000 | xargs touch", path);

        Assert.Equal([path], (await SweepAsync()).Removed);
    }

    [Fact]
    public async Task What_a_killed_clean_up_leaves_the_next_sweep_finishes()
    {
        // The first rounds are killed before it begins, the last ones after its end.
        var unfinished = 0;
        for (var round = 0; round < 15; round++)
        {
            var path = Path.Combine(Root, Ours);
            Directory.CreateDirectory(Root);
            using var keeper = Supervise.Start(native: true, "--hold", "--work-dir", path, "--remove-work-dir", "always");
            await Eventually.IsTrueAsync(() => File.Exists(Path.Combine(path, PowerCut.MarkerName)), "the directory is marked");
            await Shell.MustAsync("cd \"$1\"; mkdir d{1..10}; touch d{1..10}/{1..50}; perl -e 'for (1..400) { mkdir \"d\" and chdir \"d\" }'; chmod -R a-w d1 d2", path);
            Signal.Send(keeper, Signal.Term);
            using (var delay = new PeriodicTimer(TimeSpan.FromMilliseconds(1 + round)))
            {
                await delay.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            if (!keeper.HasExited)
            {
                Signal.Send(keeper, Signal.Kill);
            }

            await Supervise.ExitAsync(keeper);
            if (Directory.Exists(path))
            {
                unfinished++;
                Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-2));
                Assert.Empty((await SweepAsync()).Problems);
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        }

        Assert.True(unfinished > 0, "no clean-up was cut off");
    }

    [Theory]
    [InlineData("mkdirat")]
    [InlineData("openat")]
    [InlineData("write")]
    [InlineData("flock")]
    [InlineData("linkat")]
    [InlineData("unlinkat")]
    public async Task A_keeper_that_is_killed_while_it_makes_its_directory_leaves_what_a_sweep_can_remove(string call)
    {
        Assert.SkipUnless(Repository.HasTool("strace") && Supervise.HasNative, "strace or the native supervisor is missing");
        Directory.CreateDirectory(Root);
        var path = Path.Combine(Root, Ours);
        for (var time = 1; time <= 4; time++)
        {
            // Killed at the first, the second … of these calls that has to do with the directory.
            using var keeper = Process.Start("strace", ["-f", "-o", "/dev/null", "-P", path, "-P", Root, "-e", $"trace={call}", "-e", $"inject={call}:signal=KILL:when={time}", Supervise.Native, "--hold", "--work-dir", path, "--remove-work-dir", "always"]);
            await Eventually.IsTrueAsync(() => keeper.HasExited || File.Exists(Path.Combine(path, PowerCut.MarkerName)), "it was killed, or went on");
            if (!keeper.HasExited)
            {
                await Shell.MustAsync("pkill -KILL -P \"$1\" || :", $"{keeper.Id}");
            }

            await keeper.WaitForExitAsync(TestContext.Current.CancellationToken);
            if (Directory.Exists(path))
            {
                Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-2));
            }

            Assert.Empty((await SweepAsync()).Problems);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        }
    }

    private Task<SweepResult> SweepAsync() => WorkRoot.Open(Root).SweepAsync(TestContext.Current.CancellationToken);
}
