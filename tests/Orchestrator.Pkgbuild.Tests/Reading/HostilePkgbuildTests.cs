namespace Orchestrator.Pkgbuild.Tests;

public class HostilePkgbuildTests
{
    private const string Truth = "pkgname=sample\npkgver=1.0\npkgrel=1\narch=(any)\ndepends=(a 'b c')\n";

    private const string Package = "package() {\n  license=(GPL)\n  license=(MIT)\n  pkgdesc=\"for $pkgname\"\n}\n";

    /// <summary>Each is put between fields and functions; what is read must not change.</summary>
    public static TheoryData<string> Tricks =>
    [
        "printf() { echo lie; }; declare() { :; }; local() { :; }; mapfile() { :; }; shopt() { :; }",
        "eval() { :; }; unset() { :; }; set() { :; }; trap() { :; }; exit() { :; }; return() { :; }",
        "builtin() { :; }; command() { :; }; enable() { :; }",
        "builtin() { echo lie; exit 0; }; unset() { exit 0; }",
        "__reader_print() { echo lie; }; __reader_main() { echo lie; }",
        "__reader_strings=(url); __reader_arrays=()",
        "trap 'echo lie' DEBUG; set -T",
        "trap 'echo lie' RETURN ERR EXIT; set -E",
        "trap '' TERM INT HUP",
        "set -eu -o pipefail",
        "set -f; set -C; set -k; set -a; set -B; set -h; set -b",
        "set -vx",
        "set -o posix",
        "shopt -s nocasematch nullglob failglob expand_aliases",
        "IFS=',:/ab'",
        "readonly IFS=x",
        "unset IFS PATH HOME PWD",
        "PATH=/nowhere; hash -p /bin/false printf",
        "alias printf='echo lie'; alias builtin='echo lie'; shopt -s expand_aliases",
        "readonly pkgver pkgrel arch depends",
        "exec 2>&-",
        "exec 0<&- 3<&- 4<&-",
        "exec >/dev/null",
        "exec > /dev/full 2>&1",
        "BASH_XTRACEFD=1; set -x",
        "PS4='$(echo lie >&2)'; set -x",
        "cd /",
        "declare -n ref=depends; unset -n ref",
        "name=x __reader_name=x value=x __reader_value=lie __reader_line=lie __reader_status=7",
        "set -- lie lie lie; shift",
        "umask 777; ulimit -n 20",
        "LC_ALL=C; LANG=tlh",
        "coproc cat; sleep 1000 & disown -a",
        "wait() { :; }; kill -CONT $$",
        "function [ { return 1; }; test() { return 1; }",
        "false",
    ];

    /// <summary>Each ends or changes the shell so that nothing can be read.</summary>
    public static TheoryData<string, string> Ends => new()
    {
        { "exit", "ended or changed the shell" },
        { "exit 0", "exit status 0" },
        { "exit 77", "exit status 77" },
        { "exec true", "ended or changed the shell" },
        { "exec /no/such/program", "(exit status 127): /no/such/program: No such file or directory" },
        { "return 3", "failed with status 3" },
        { "kill -9 $$", "SIGKILL ended the shell" },
        { "kill -SEGV $$", "SIGSEGV ended the shell" },
        { "set -n", "ended or changed the shell" },
        { "builtin() { :; }; readonly -f builtin", "ended or changed the shell" },
        { "enable -n builtin", "ended or changed the shell" },
        { "readonly pkgname", "pkgname: readonly variable" },
        { "readonly POSIXLY_CORRECT", "POSIXLY_CORRECT: readonly variable" },
        { "trap 'exit 5' DEBUG; set -T", "exit status 5" },
        { ": ${undefined:?must be set}", "undefined: must be set" },
        { "set -u; : $undefined", "undefined: unbound variable" },
        { "for fd in {10..20}; do eval \"exec $fd>&-\"; done", "ended or changed the shell" },
        // Which of them bash keeps the real output in depends on what was open when it started.
        { "for fd in {10..20}; do printf 'lie\\0' >&$fd; done", "ended or changed the shell" },
        { "shopt -s extdebug; trap 'false' DEBUG", "ended or changed the shell" },
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public async Task A_trick_does_not_change_what_is_read(string trick)
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync($"{Truth}{trick}\n{Package}");

        Assert.Equal("sample", pkgbuild.BaseName);
        Assert.Equal(new PackageVersion("1.0", "1"), pkgbuild.Version);
        Assert.Equal(["a", "b c"], pkgbuild.Fields.Array("depends"));
        Assert.Equal(["any"], pkgbuild.Fields.Array("arch"));
        Assert.Contains("package", pkgbuild.Functions);
        Assert.DoesNotContain(pkgbuild.Functions, name => name.StartsWith("__reader", StringComparison.Ordinal));
        Assert.Equal(["MIT"], pkgbuild.Overrides["sample"].Array("license"));
        Assert.Equal("for sample", pkgbuild.Overrides["sample"].String("pkgdesc"));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Ending_or_breaking_the_shell_is_one_clear_error(string end, string message)
    {
        var error = await PkgbuildFolder.ReadBadAsync($"{Truth}{Package}{end}\n", new() { Evaluation = PkgbuildEvaluation.Always });

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_that_is_cut_short_anywhere_is_not_taken_for_a_whole_one()
    {
        using PkgbuildFolder folder = new(Truth);
        var whole = "nonce\0status\00\0string\0pkgname\0a\0array\0arch\02\0x\0y\0nonce\0"u8.ToArray();

        Assert.Equal("a", PkgbuildDump.Parse(whole, "nonce")!.Contents.BaseName);
        Assert.All(Enumerable.Range(0, whole.Length), length => Assert.Null(PkgbuildDump.Parse(whole.AsSpan(0, length), "nonce")));
        Assert.Null(PkgbuildDump.Parse(whole, "other"));
    }

    [Theory]
    [InlineData("nonce\0array\0arch\0-1\0nonce\0")]
    [InlineData("nonce\0array\0arch\01000000000\0x\0nonce\0")]
    [InlineData("nonce\0array\0arch\099999999999999\0x\0nonce\0")]
    [InlineData("nonce\0unknown\0arch\0nonce\0")]
    [InlineData("noise nonce\0status\00\0nonce\0")]
    [InlineData("nonce\0status\00\0nonce\0noise")]
    public void A_dump_that_something_else_wrote_into_is_not_taken_for_a_whole_one(string dump)
    {
        Assert.Null(PkgbuildDump.Parse(System.Text.Encoding.UTF8.GetBytes(dump), "nonce"));
    }
}
