namespace Orchestrator.Pkgbuild.Tests;

public sealed class OutputTests : IDisposable
{
    private const string Shm = "/dev/shm";

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task A_tree_is_replaced_as_a_whole_and_is_there_at_every_moment()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { touch \"$pkgdir/old\" \"$pkgdir/both\"; }\n");
        await workshop.BuildAsync();
        workshop.Pkgbuild(Workshop.Head + "package() { touch \"$pkgdir/new\" \"$pkgdir/both\"; }\n");
        var build = workshop.BuildAsync();

        while (!build.IsCompleted)
        {
            Assert.True(File.Exists(Path.Combine(workshop.Output, "sample", "both")));
            await Task.Yield();
        }

        await build;
        Assert.Equal(["both", "new"], Directory.GetFiles(Path.Combine(workshop.Output, "sample")).Select(Path.GetFileName).Order());
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_folder_that_no_build_has_made_is_not_replaced()
    {
        Directory.CreateDirectory(Path.Combine(workshop.Output, "sample"));
        await File.WriteAllTextAsync(Path.Combine(workshop.Output, "sample", "mine"), "mine", TestContext.Current.CancellationToken);
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
        Assert.StartsWith($"{workshop.Output}/sample is in the way", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", workshop.Installed("mine"));
        Assert.Empty(workshop.Lines);
    }

    [Fact]
    public async Task A_package_may_move_to_another_pkgbase()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { echo 1 > \"$pkgdir/file\"; }\n");
        await workshop.BuildAsync();

        workshop.Pkgbuild(Workshop.Head + "pkgbase=other\npackage() { echo 2 > \"$pkgdir/file\"; }\n");
        await workshop.BuildAsync();

        Assert.Equal("2\n", workshop.Installed("file"));
    }

    [Fact]
    public async Task Packages_go_beside_the_PKGBUILD_unless_the_caller_says_otherwise()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PKGDEST") is null, "PKGDEST is set");
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        var result = await workshop.BuildAsync(options => options with { OutputDirectory = null });

        Assert.Equal(Path.Combine(workshop.StartDirectory, "out", "sample"), result.Packages[0].TreePath);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_one_clear_error()
    {
        await File.WriteAllTextAsync(workshop.Output, "a file", TestContext.Current.CancellationToken);
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
        Assert.StartsWith($"Packages cannot be written to {workshop.Output}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_work_root_that_is_a_symbolic_link_is_one_clear_error()
    {
        File.CreateSymbolicLink(workshop.Work, workshop.Root);
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        var error = await Assert.ThrowsAsync<PkgbuildException>(() => workshop.BuildAsync());

        Assert.Equal(MakepkgExitCode.NoPermission, error.ExitCode);
        Assert.Contains("it is a symbolic link", error.Message, StringComparison.Ordinal);
        File.Delete(workshop.Work);
    }

    [Fact]
    public async Task An_output_on_another_file_system_gets_whole_packages_only()
    {
        Assert.SkipUnless(IsOtherFileSystem(), "needs /dev/shm on a file system of its own");
        var output = Directory.CreateTempSubdirectory("unused-").FullName;
        Directory.Delete(output);
        output = Path.Combine(Shm, Path.GetFileName(output));
        workshop.Pkgbuild(Workshop.Head + """
            package() { head -c 30000000 /dev/urandom > "$pkgdir/one"; ln "$pkgdir/one" "$pkgdir/two"; ln -s one "$pkgdir/link"; chmod 4755 "$pkgdir/one"; }
            """);
        try
        {
            await workshop.BuildAsync(Options);

            Assert.Equal([".orchestrator", "sample"], Names()[..2]);
            Assert.StartsWith("sample-1.0-1-any.pkg.tar.", Names()[2], StringComparison.Ordinal);
            Assert.Equal(
                "4755 2 one\n",
                await Workshop.RunAsync(Path.Combine(output, "sample"), "stat", "-c", "%a %h %n", "one"));
            Assert.Empty(Directory.GetDirectories(Path.Combine(output, ".orchestrator", "work")));

            await workshop.CancelAtAsync("Compressing package", options => Options(options) with { Force = true });

            Assert.Equal(3, Names().Length);
            Assert.Empty(Directory.GetDirectories(Path.Combine(output, ".orchestrator", "work")));
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }

        BuildOptions Options(BuildOptions options) => options with { OutputDirectory = output };

        string[] Names() => [.. Directory.GetFileSystemEntries(output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task An_output_that_is_mounted_a_second_time_is_another_file_system_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount");
        Directory.CreateDirectory(workshop.Output);
        Directory.CreateDirectory(Path.Combine(workshop.Root, "real"));
        await Workshop.RunAsync(workshop.Root, "mount", "--bind", Path.Combine(workshop.Root, "real"), workshop.Output);
        try
        {
            workshop.Pkgbuild(Workshop.Head + "package() { echo 1 > \"$pkgdir/file\"; }\n");

            await workshop.BuildAsync();
            await workshop.BuildAsync(options => options with { Force = true });

            Assert.Equal("1\n", workshop.Installed("file"));
            workshop.AssertNothingLeft();
        }
        finally
        {
            await Workshop.RunAsync(workshop.Root, "umount", workshop.Output);
        }
    }

    private bool IsOtherFileSystem() =>
        Directory.Exists(Shm) && LinuxFile.IsWritableDirectory(Shm) && LinuxFile.Status(Shm).Device != LinuxFile.Status(workshop.Root).Device;
}
