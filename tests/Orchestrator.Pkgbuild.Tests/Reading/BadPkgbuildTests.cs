using System.Diagnostics;

namespace Orchestrator.Pkgbuild.Tests;

public class BadPkgbuildTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_folder_without_a_PKGBUILD_is_one_clear_error()
    {
        using PkgbuildFolder folder = new("");
        File.Delete(folder.File);

        var error = await Assert.ThrowsAsync<PkgbuildException>(() => folder.ReadAsync());

        Assert.Equal(MakepkgExitCode.MissingFile, error.ExitCode);
        Assert.Equal($"{folder.File}: error: there is no such PKGBUILD; name the file, or the folder that it is in", error.CanonicalMessage);
    }

    [Fact]
    public async Task CR_line_ends_are_one_clear_error_with_the_line()
    {
        var error = await PkgbuildFolder.ReadBadAsync("pkgname=a\npkgver=1\r\npkgrel=1\r\n");

        Assert.Equal(2, error.Line);
        Assert.Contains("CR line ends", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_one_clear_error()
    {
        Assert.Contains("is empty", (await PkgbuildFolder.ReadBadAsync("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NUL_byte_is_one_clear_error_with_the_line()
    {
        var error = await PkgbuildFolder.ReadBadAsync("pkgname=a\n\npkgver=\0001\n");

        Assert.Equal(3, error.Line);
        Assert.Contains("NUL", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_one_clear_error()
    {
        var error = await PkgbuildFolder.ReadBadAsync("#" + new string('x', 1 << 20));

        Assert.Contains("1048577 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_FIFO_is_refused_and_not_waited_for()
    {
        using PkgbuildFolder folder = new("");
        File.Delete(folder.File);
        await RunAsync("mkfifo", folder.File);

        Assert.Contains("not a regular file", (await Assert.ThrowsAsync<PkgbuildException>(() => folder.ReadAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_one_clear_error()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum);
        await RunAsync("chmod", "200", folder.File);

        var error = await Assert.ThrowsAsync<PkgbuildException>(() => folder.ReadAsync());

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
    }

    [Theory]
    [InlineData("pkgname=a\nbuild() {\n  echo )\n}\n", 3, "syntax error near unexpected token `)'")]
    [InlineData("pkgname=a\nfi\n", 2, "syntax error near unexpected token `fi'")]
    [InlineData("pkgname=a\narch=(x86_64\nbuild() {\n  :\n}\n", 3, "syntax error near unexpected token `('")]
    [InlineData("pkgname=a\npkgdesc=\"not closed\nurl=x\n", 2, "unexpected EOF while looking for matching `\"'")]
    [InlineData("pkgname=a\n[[ a b ]]\nurl=x\n", 2, "conditional binary operator expected")]
    public async Task A_syntax_error_is_one_clear_error_with_the_line(string text, int line, string message)
    {
        var error = await PkgbuildFolder.ReadBadAsync(text);

        Assert.Equal((line, message), (error.Line, error.Message));
        Assert.Equal($"{error.File}({line}): error: {message}", error.CanonicalMessage);
    }

    [Fact]
    public async Task A_function_that_is_not_closed_is_one_clear_error()
    {
        var error = await PkgbuildFolder.ReadBadAsync("pkgname=a\nbuild() {\n  if true; then\n    make\n}\n");

        Assert.Equal(5, error.Line);
        Assert.StartsWith("syntax error near unexpected token `}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_command_that_fails_is_one_clear_error()
    {
        var error = await PkgbuildFolder.ReadBadAsync("pkgname=a\npkgver=1\nno-such-command --version\n");

        Assert.Equal(3, error.Line);
        Assert.Contains("failed with status 127: no-such-command: command not found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PKGBUILD_that_never_ends_is_one_clear_error_and_nothing_of_it_is_left()
    {
        using PkgbuildFolder folder = new("pkgname=a\necho $$ > pid\nwhile :; do :; done\n");
        var error = await Assert.ThrowsAsync<PkgbuildException>(
            () => folder.ReadAsync(new() { TimeLimit = TimeSpan.FromSeconds(1) }));

        Assert.Equal(MakepkgExitCode.PkgbuildError, error.ExitCode);
        Assert.StartsWith("the PKGBUILD did not end while it was being read (limit 1 s)", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(Path.Combine(folder.Path, "pid"), Cancelled)).Trim()}"));
    }

    [Fact]
    public async Task Waiting_for_input_finds_none()
    {
        Assert.Equal("nothing", (await PkgbuildFolder.ReadAsync("pkgname=a\nread -r pkgdesc || pkgdesc=nothing\n")).Fields.String("pkgdesc"));
    }

    [Fact]
    public async Task More_memory_than_is_allowed_is_one_clear_error()
    {
        var error = await PkgbuildFolder.ReadBadAsync(
            "pkgname=a\npkgdesc=x\nwhile :; do pkgdesc+=$pkgdesc; done\n",
            new() { MemoryLimit = 100 << 20, TimeLimit = TimeSpan.FromMinutes(1) });

        Assert.Contains("cannot allocate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_metadata_than_any_package_has_is_one_clear_error()
    {
        var error = await PkgbuildFolder.ReadBadAsync(
            "pkgname=a\nprintf -v pkgdesc '%20000000s' x\n", new() { TimeLimit = TimeSpan.FromMinutes(1) });

        Assert.Contains("more than 16777216 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chatter_without_end_is_stopped_by_the_time_limit_and_not_kept()
    {
        var error = await PkgbuildFolder.ReadBadAsync("pkgname=a\nexec yes\n", new() { TimeLimit = TimeSpan.FromSeconds(1) });

        Assert.Contains("did not end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_can_be_cancelled_and_nothing_of_it_is_left()
    {
        using PkgbuildFolder folder = new("pkgname=a\necho $$ > ready\nsleep 1000\n");
        var fifo = Path.Combine(folder.Path, "ready");
        await RunAsync("mkfifo", fifo);

        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = PkgbuildReader.ReadAsync(folder.Path, new() { TimeLimit = TimeSpan.FromMinutes(5) }, cancel.Token);
        var pid = (await File.ReadAllTextAsync(fifo, Cancelled)).Trim();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public async Task What_the_PKGBUILD_leaves_running_is_ended()
    {
        using PkgbuildFolder folder = new(PkgbuildFolder.Minimum + "setsid sleep 1000 &\necho $! > pid\n");

        Assert.Equal("sample", (await folder.ReadAsync()).BaseName);
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(Path.Combine(folder.Path, "pid"), Cancelled)).Trim()}"));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Cancelled);
        Assert.Equal(0, process.ExitCode);
    }
}
