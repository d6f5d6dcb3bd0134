using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

/// <summary>What the supervisor must never do, whoever starts it and however.</summary>
public sealed class SafetyTests : SupervisorTests
{
    private const string Secret = "s3cr3t-of-the-build";

    [Fact]
    public async Task A_standard_error_that_is_full_does_not_hold_it_up()
    {
        var (status, text) = await Shell.RunAsync(
            """
            cd "$1"; shift; mkfifo full; exec 3<>full; dd if=/dev/zero of=full oflag=nonblock bs=4096 count=1000 2>/dev/null
            timeout 30 "$@" -- /nonexistent 2>full; echo "status $?"
            """,
            [Directory.Path, .. Supervise.CommandLine()]);

        Assert.Equal((0, "status 127\n"), (status, text));
    }

    [Theory]
    [InlineData("rm .orchestrator-work; mkdir .orchestrator-work; touch .orchestrator-work/a")]
    [InlineData("rm .orchestrator-work; ln -s /etc .orchestrator-work")]
    [InlineData("rm .orchestrator-work; mkfifo .orchestrator-work")]
    public async Task Something_else_in_the_place_of_the_marker_does_not_keep_the_directory(string command)
    {
        var work = Directory.Combine("work");
        var (status, _, error) = await RunAsync(true, "--work-dir", work, "--remove-work-dir", "always", "--", "bash", "-c", $"cd '{work}'; {command}; touch b");

        Assert.Equal((0, ""), (status, error));
        Assert.False(System.IO.Directory.Exists(work));
    }

    public static TheoryData<string> Levels => ["group", "supervised", "auto"];

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void It_signals_no_group_and_no_process_that_means_everybody(int number)
    {
        // Signal 0 is sent to nobody: where this fails, nothing is hurt.
        Assert.Throws<ArgumentOutOfRangeException>(() => Signal.SendToGroup(number, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signal.Send(number, 0));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/.")]
    [InlineData("/tmp/..")]
    [InlineData("$HOME")]
    [InlineData("$HOME/")]
    [InlineData("$HOME/.")]
    [InlineData("$HOME/sub/..")]
    [InlineData("$HOME/..")]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData("..")]
    [InlineData("sub/..")]
    [InlineData("../startdir")]
    [InlineData("link")]
    [InlineData("link/")]
    [InlineData("way/home")]
    [InlineData("way/startdir")]
    [InlineData("full")]
    [InlineData("full/")]
    [InlineData("full/../full")]
    [InlineData("full/file")]
    [InlineData("marked by a link")]
    [InlineData("")]
    public async Task It_refuses_a_work_directory_that_is_not_ours(string path)
    {
        // The home is empty: only where it is tells that it must stay.
        var (status, text) = await Shell.RunAsync(
            """
            set -e; cd "$1"; mkdir -p home/sub startdir/full startdir/sub "startdir/marked by a link"; export HOME=$1/home
            rmdir home/sub; echo mine > startdir/full/file; echo mine > startdir/PKGBUILD; ln -s "$1/home" startdir/link; ln -s "$1" startdir/way
            ln -s ../PKGBUILD "startdir/marked by a link/.orchestrator-work"
            cd startdir; eval "path=\"$2\""; shift 2
            set +e; "$@" --work-dir "$path" --remove-work-dir always -- touch ran; echo "status $?"; [ -e ran ] && echo RAN; ls -A ../home | grep . && echo MARKED; cat full/file PKGBUILD
            """,
            [Directory.Path, path, .. Supervise.CommandLine()]);

        Assert.Equal(0, status);
        Assert.Contains("status 125", text, StringComparison.Ordinal);
        Assert.Contains(path.Length == 0 ? "is empty" : "refused", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RAN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKED", text, StringComparison.Ordinal);
        Assert.Contains("mine\nmine\n", text, StringComparison.Ordinal);
        Assert.True(System.IO.Directory.Exists(Directory.Combine("home")));
    }

    [Theory]
    [InlineData("new")]
    [InlineData("new/")]
    [InlineData("./new/.")]
    [InlineData("sub/../new")]
    [InlineData("../startdir/new")]
    [InlineData("$PWD//new")]
    public async Task It_takes_a_new_one_however_its_path_is_written(string path)
    {
        var (status, text) = await Shell.RunAsync(
            "set -e; mkdir \"$1/startdir\"; cd \"$1/startdir\"; eval \"path=\\\"$2\\\"\"; shift 2; \"$@\" --work-dir \"$path\" --remove-work-dir always -- test -e new/.orchestrator-work; ls -A",
            [Directory.Path, path, .. Supervise.CommandLine()]);

        Assert.Equal((0, ""), (status, text));
    }

    [Fact]
    public async Task It_refuses_another_users_directory()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a directory of another user");
        var other = Directory.Combine("other");
        await Shell.MustAsync("mkdir \"$1\"; chown nobody \"$1\"", other);

        var (status, _, error) = await RunAsync(true, "--work-dir", other, "--remove-work-dir", "always", "--", "touch", Directory.Combine("ran"));

        Assert.Equal(125, status);
        Assert.Contains("belongs to another user", error, StringComparison.Ordinal);
        Assert.True(System.IO.Directory.Exists(other));
        Assert.False(File.Exists(Directory.Combine("ran")));
    }

    [Fact]
    public void Its_file_has_no_privilege_bits()
    {
        Assert.SkipUnless(Supervise.HasNative, "there is no native supervisor");

        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Supervise.Native) & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit));
    }

    [Theory]
    [InlineData("chmod u+s")]
    [InlineData("chmod g+s")]
    [InlineData("setcap cap_kill,cap_dac_override+ep")]
    public async Task It_refuses_to_run_with_rights_that_its_file_has_and_its_caller_has_not(string grant)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Supervise.HasNative, "only root can give a file away");
        Assert.SkipUnless(!grant.StartsWith("setcap", StringComparison.Ordinal) || Repository.HasTool("setcap"), "setcap is missing");

        // As nobody, who cannot look into the directory of the test.
        var (_, text) = await Shell.RunAsync(
            $$"""
            folder=$(mktemp -d /var/tmp/orch.XXXXXX); trap 'rm -rf "$folder"' EXIT; chmod 755 "$folder"; cp "$1" "$folder/supervise"; chmod 755 "$folder/supervise"
            cd /; as_nobody() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
            as_nobody "$folder/supervise" -- id -u; echo "without: $?"
            {{grant}} "$folder/supervise" || exit 1
            as_nobody "$folder/supervise" -- sh -c 'echo RAN'; echo "with: $?"
            as_nobody "$folder/supervise" --version >/dev/null; echo "even then: $?"
            "$folder/supervise" -- true; echo "root: $?"
            """,
            Supervise.Native);

        Assert.StartsWith("65534\nwithout: 0\n", text, StringComparison.Ordinal);
        Assert.Contains("with: 125\neven then: 125\n", text, StringComparison.Ordinal);
        Assert.Contains("refused: its file is setuid", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RAN", text, StringComparison.Ordinal);

        // Root has these rights already.
        Assert.Contains("root: 0", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task The_command_gets_no_descriptor_but_its_three_and_those_that_the_caller_left_it(string level)
    {
        var events = Directory.Combine("events");
        string[] words =
        [
            "exec 17</dev/null; exec \"$@\"", "bash", .. Supervise.CommandLine(), "--containment", level, "--events", events, "--events", Directory.Combine("more"),
            "--work-dir", Directory.Combine("w"), "--owner", $"{Environment.ProcessId}", "--timeout", "60000", "--", "sleep", Marker.Seconds,
        ];
        var plain = StartOther("sleep", Marker.Seconds);
        await Marker.UntilAliveAsync(1);
        var supervisor = StartOther("bash", ["-c", .. words]);
        await Eventually.IsTrueAsync(() => Sleeps().Count() == 2, "the command runs");

        var expected = Descriptors(plain.Id).Union(["17"]).Order(StringComparer.Ordinal);
        Assert.Equal(expected, Descriptors(Sleeps().Single(pid => pid != plain.Id)));
        Signal.Send(supervisor, Signal.Term);
        await Supervise.ExitAsync(supervisor);

        IEnumerable<int> Sleeps() => Marker.Pids().Where(pid => Text(pid, "cmdline").StartsWith("sleep\0", StringComparison.Ordinal) && Text(pid, "comm") == "sleep\n");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Nothing_of_the_environment_is_on_a_command_line_or_in_what_it_tells(bool native)
    {
        var events = Directory.Combine("events");
        var process = StartOther("env", [$"TOKEN={Secret}", .. Supervise.CommandLine(native), "--events", events, "--work-dir", Directory.Combine("w"), "--", "bash", "-c", $"echo READY; [ $TOKEN = '{Secret[..4]}''{Secret[4..]}' ] && exec sleep {Marker.Seconds}"]);
        await WaitForReadyAsync(process);
        await Eventually.IsTrueAsync(() => Marker.Pids().Any(pid => Text(pid, "comm") == "sleep\n"), "the command has the variable");
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(Secret, Text(process.Id, "cmdline"), StringComparison.Ordinal);
        Signal.Send(process, Signal.Term);
        Assert.Equal(143, await Supervise.ExitAsync(process));
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(events, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_chose_as_a_name_reaches_no_terminal_as_an_escape_sequence()
    {
        var (_, _, error) = await RunAsync(true, "--\u001b[31m\nred");

        Assert.Contains("--\\x1b[31m\\x0ared", error, StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Descriptors(int pid) =>
        System.IO.Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd").Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static string Text(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (IOException)
        {
            return ""; // it ended
        }
    }
}
