using Orchestrator.Pkgbuild;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class FileTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose()
    {
        WindowsFile.MakeRemovable(directory.Path);
        directory.Dispose();
    }

    [Theory]
    [InlineData("notes", "text", 0b110_100_100)]
    [InlineData("script", "#!/bin/sh\n", 0b111_101_101)]
    [InlineData("program", "MZ and more", 0b111_101_101)]
    [InlineData("batch.cmd", "@echo off", 0b111_101_101)]
    [InlineData("empty.exe", "", 0b111_101_101)]
    [InlineData("one", "#", 0b110_100_100)]
    public async Task The_mode_of_a_file_says_whether_it_can_be_run(string name, string content, int mode)
    {
        await Task.Yield();
        var path = directory.Write(name, content);

        Assert.Equal((FileStatus.Regular, (UnixFileMode)mode), (NativeFile.Status(path).Type, NativeFile.Status(path).Mode));
        NativeFile.SetMode(path, UnixFileMode.UserRead);
        Assert.Equal((UnixFileMode)mode & ~UnixFileMode.UserWrite, NativeFile.Status(path).Mode);
        NativeFile.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal((UnixFileMode)mode, NativeFile.Status(path).Mode);
    }

    [Fact]
    public async Task Names_of_one_file_are_told_from_files_that_are_alike()
    {
        await Task.Yield();
        var first = directory.Write("first", "same");
        var other = directory.Write("other", "same");
        NativeFile.Link(first, directory.Combine("second"));

        var (one, two, three) = (NativeFile.Status(first), NativeFile.Status(directory.Combine("second")), NativeFile.Status(other));

        Assert.Equal((one.Device, one.Inode, 2ul), (two.Device, two.Inode, two.Links));
        Assert.NotEqual((one.Device, one.Inode), (three.Device, three.Inode));
        Assert.Equal((FileStatus.Directory, (UnixFileMode)0b111_101_101), (NativeFile.Status(directory.Path).Type, NativeFile.Status(directory.Path).Mode));
        Assert.Throws<IOException>(() => NativeFile.Status(directory.Combine("none")));
        Assert.Equal((true, false), (NativeFile.IsWritableDirectory(directory.Path), NativeFile.IsWritableDirectory(directory.Combine("none"))));
    }

    [Fact]
    public async Task A_file_is_renamed_over_another_one_and_a_folder_to_a_new_name()
    {
        var source = directory.Write("source", "new");
        var target = directory.Write("target", "old");
        directory.Write(Path.Combine("folder", "deep", "file"), "");
        var deep = Directory.CreateDirectory(directory.Combine(Path.Combine([.. Enumerable.Repeat(new string('d', 100), 3)]))).FullName;

        NativeFile.Rename(source, target);
        NativeFile.Rename(directory.Combine("folder"), Path.Combine(deep, "moved"));

        Assert.Equal("new", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(source));
        Assert.True(File.Exists(Path.Combine(deep, "moved", "deep", "file")));
        Assert.True(NativeFile.CanRename(directory.Path, deep));
        Assert.Throws<IOException>(() => NativeFile.Rename(directory.Combine("none"), target));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_rename_waits_for_a_moment_until_nobody_has_the_file_open()
    {
        var source = directory.Write("source", "new");
        var target = directory.Write("target", "old");
        var held = new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.Read);
        var renaming = Task.Run(() => NativeFile.Rename(source, target), TestContext.Current.CancellationToken);
        await Task.Yield();
        await held.DisposeAsync();

        await renaming;

        Assert.Equal("new", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_lock_is_held_by_one_and_handed_on()
    {
        var path = directory.Combine("lock");
        var waiting = new TaskCompletionSource();
        var first = await FileLock.AcquireAsync(path, () => { }, TestContext.Current.CancellationToken);
        var second = FileLock.AcquireAsync(path, waiting.SetResult, TestContext.Current.CancellationToken);
        await waiting.Task;
        Assert.False(second.IsCompleted);

        first.Dispose();

        (await second).Dispose();
    }

    [Theory]
    [InlineData("..\\out", "'\\'")]
    [InlineData("C:out", "':'")]
    [InlineData("a/nul.txt", "device")]
    [InlineData("a./b", "dot")]
    [InlineData("Link/x", "symbolic link")]
    [InlineData("LIN~1/x", "short name")]
    public async Task A_member_of_an_archive_that_Windows_would_put_elsewhere_is_refused(string name, string reason)
    {
        await Task.Yield();
        var guard = new MemberGuard("archive.tar", directory.Path);
        guard.Check("link", MemberKind.SymbolicLink, "..");

        var exception = Assert.Throws<PkgbuildException>(() => guard.Check(name, MemberKind.File, null));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_of_lint_that_look_at_files_are_checked()
    {
        var pkgbuild = directory.Write("PKGBUILD", "pkgname=a\npkgver=1\npkgrel=1\narch=(any)\ninstall=a.install\nchangelog=b\npackage() {\n  :\n}\n");
        directory.Write("a.install", "");
        Directory.CreateDirectory(directory.Combine("b"));

        var findings = PkgbuildLinter.Lint(await PkgbuildReader.ReadAsync(pkgbuild, cancellationToken: TestContext.Current.CancellationToken), "x86_64");

        Assert.Equal("changelog", Assert.Single(findings, finding => finding.Message.Contains("regular file", StringComparison.Ordinal)).Rule);
    }
}
