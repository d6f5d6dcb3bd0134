using System.Security.Cryptography;
using Orchestrator.Testing;

namespace Orchestrator.Cli.Tests;

/// <summary>Sweeps as processes of their own, as they are after a power cut: several at once, killed, on a full disk, with mounts in the way.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Ours = "pkg.0123456789ab";
    private readonly TestDirectory directory = new();

    private string Root => directory.Combine("work");

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Two_at_once_remove_each_directory_once_and_neither_fails()
    {
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 12; i++)
            {
                PowerCut.Leave(Root, $"pkg.{i:x12}");
            }

            await Shell.MustAsync("cd \"$1\"; for d in *; do mkdir -p $d/a/b; touch $d/a/{1..20} $d/a/b/{1..20}; done", Root);
            var (status, text) = await Shell.RunAsync("export ORCHESTRATOR_WORK=$2; \"$1\" sweep & first=$!; \"$1\" sweep & wait $! && wait $first", Tool.Program, Root);

            Assert.True(status == 0, text);
            Assert.Equal(12, text.Split('\n').Count(line => line.StartsWith("==> Work directory removed: ", StringComparison.Ordinal)));
            Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        }
    }

    [Fact]
    public async Task What_a_killed_sweep_leaves_the_next_one_finishes()
    {
        for (var round = 0; round < 10; round++)
        {
            PowerCut.Leave(Root, Ours);
            await Shell.MustAsync("cd \"$1\"; mkdir d{1..10}; touch d{1..10}/{1..100}; perl -e 'for (1..300) { mkdir \"d\" and chdir \"d\" }'", Path.Combine(Root, Ours));
            await Shell.RunAsync("export ORCHESTRATOR_WORK=$2; timeout -s KILL $3 \"$1\" sweep", Tool.Program, Root, $"0.{RandomNumberGenerator.GetInt32(50, 400):000}");
            if (Directory.Exists(Path.Combine(Root, Ours)))
            {
                Directory.SetLastWriteTimeUtc(Path.Combine(Root, Ours), DateTime.UtcNow.AddMinutes(-2)); // the marker may be gone already
            }

            var (status, text) = await Shell.RunAsync("ORCHESTRATOR_WORK=$2 \"$1\" sweep", Tool.Program, Root);

            Assert.True(status == 0, text);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_mounted_inside_is_named_and_not_entered_and_the_rest_goes(bool withoutOpenAt2)
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "mounting is forbidden here");
        Assert.SkipUnless(!withoutOpenAt2 || Repository.HasTool("perl"), "perl is not installed");
        directory.Write("precious/file", "mine");
        var path = PowerCut.Leave(Root, Ours);

        var (_, text) = await Shell.RunMountingAsync(
            """
            set -e; cd "$3"; mkdir -p a/tmpfs a/bind/deep rest/x; touch file a/one rest/x/y
            mount -t tmpfs none a/tmpfs; touch a/tmpfs/kept; mount --bind "$4" a/bind; mount --bind "$4/file" file
            set +e; ORCHESTRATOR_WORK=$2 "${@:5}" "$1" sweep; echo "status $?"; cat a/bind/file file; ls a/tmpfs; find . -type d
            umount a/tmpfs a/bind file; ORCHESTRATOR_WORK=$2 "${@:5}" "$1" sweep; echo "status $?"
            """,
            [Tool.Program, Root, path, directory.Combine("precious"), .. withoutOpenAt2 ? Sandbox.Refusing(Sandbox.NotImplemented, Sandbox.OpenAt2) : []]);

        foreach (var mounted in (string[])["a/tmpfs", "a/bind", "file"])
        {
            Assert.Contains($"{path}/{mounted}: a file system is mounted there", text, StringComparison.Ordinal);
        }

        Assert.Contains("status 1\nminemine", text, StringComparison.Ordinal);
        Assert.Contains("kept", text, StringComparison.Ordinal);
        Assert.DoesNotContain("./rest", text, StringComparison.Ordinal);
        Assert.Contains($"removed: {path}\nstatus 0", text, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(directory.Combine("precious/file"), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    [Fact]
    public async Task A_full_disk_is_said_leaves_nothing_and_does_not_keep_a_sweep_from_removing()
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "mounting is forbidden here");
        var mount = Directory.CreateDirectory(directory.Combine("full")).FullName;

        var (_, text) = await Shell.RunMountingAsync(
            """
            mount -t tmpfs -o size=256k none "$2" || exit; cd "$2"; mkdir dead; export ORCHESTRATOR_WORK=$2
            "$1" run --work-dir dead/w --remove-work-dir never -- sh -c 'mkdir -p dead/w/a/b; touch dead/w/a/b/c'; mv dead/w pkg.0123456789ab; rmdir dead
            cat /dev/zero > filler 2>/dev/null; chmod -R a-w pkg.0123456789ab
            cd /; "$1" run --work-dir "$2/new" -- echo RAN; echo "status $?"
            ls "$2"; "$1" sweep; echo "status $?"; ls "$2"
            """,
            Tool.Program,
            mount);

        Assert.Contains("No space left on device", text, StringComparison.Ordinal);
        Assert.Contains("status 125\nfiller\npkg.0123456789ab\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RAN", text, StringComparison.Ordinal);
        Assert.Contains($"removed: {mount}/pkg.0123456789ab\nstatus 0\nfiller\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_user_gets_read_only_trees_away_deeper_than_128_levels_too()
    {
        // As root every mode is passed over; nobody must make each directory writable first.
        Assert.SkipUnless(Supervise.HasNative, "there is no native supervisor");
        var (status, text) = await Shell.RunAsync(
            """
            folder=$(mktemp -d /var/tmp/orch.XXXXXX); trap 'chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT; cp "$1" "$folder/supervise"; chmod 755 "$folder" "$folder/supervise"
            mkdir "$folder/own"; as_other() { "$@"; }
            if [ $(id -u) = 0 ]; then chown 65534:65534 "$folder/own"; as_other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }; fi
            cd "$folder/own" && as_other env HOME=/nonexistent "$folder/supervise" --work-dir work --remove-work-dir always -- perl -e '
                chdir "work" or die; my @all;
                for (1..300) { mkdir "d" or die "$!"; chdir "d"; open(my $file, ">", "f"); }
                for (1..300) { chmod 0555, "."; chdir ".."; }
                mkdir "unreadable"; mkdir "unreadable/sub"; open(my $f, ">", "unreadable/sub/f"); chmod 0, "unreadable/sub", "unreadable"; chmod 0, ".orchestrator-work", "."'
            echo "status $?"; ls -A
            """,
            Supervise.Native);

        Assert.Equal((0, "status 0\n"), (status, text));
    }
}
