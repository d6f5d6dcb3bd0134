namespace Orchestrator.Pkgbuild.Tests;

public sealed class ExtractionTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("a.tar", "tar -cf a.tar top", true)]
    [InlineData("a.tar", "tar -cf a.tar top", false)]
    [InlineData("a.tar.gz", "tar -czf a.tar.gz top", true)]
    [InlineData("a.tgz", "tar -czf a.tgz top", false)]
    [InlineData("no-extension", "tar -czf no-extension --format=pax top", false)]
    [InlineData("v7", "tar -cf v7 --format=v7 top", false)]
    [InlineData("a.tar.xz", "tar -cJf a.tar.xz top", true)]
    [InlineData("a.tar.zst", "bsdtar -acf a.tar.zst top", true)]
    [InlineData("a.tar.bz2", "bsdtar -acf a.tar.bz2 top", true)]
    [InlineData("a.7z", "bsdtar -acf a.7z top", true)]
    [InlineData("a.zip", "bsdtar -acf a.zip top", true)]
    [InlineData("a.zip", "bsdtar -acf a.zip top", false)]
    [InlineData("a.cpio", "bsdtar -acf a.cpio top", true)]
    public async Task An_archive_is_unpacked(string archive, string command, bool withBsdTar)
    {
        Assert.SkipUnless(Workshop.HasCommand("bsdtar") || (!withBsdTar && !command.StartsWith("bsdtar", StringComparison.Ordinal)), "needs bsdtar");
        await MakeTopAsync();
        await Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", command + " && rm -r top");
        workshop.Pkgbuild(Workshop.Head + $$"""
            source=({{archive}})
            sha256sums=(SKIP)
            package() {
              [ -L {{archive}} ]
              cp -a top "$pkgdir"
              stat -c '%a %n' top/run top/deep/file > "$pkgdir/modes"
            }
            """);

        await workshop.BuildAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Equal("content", workshop.Installed("top/deep/file"));
        Assert.Equal("content", workshop.Installed("top/Grüße/дир"));
        Assert.Equal("content", workshop.Installed("top/link"));
        Assert.Equal("deep/file", new FileInfo(Path.Combine(workshop.Output, "sample/top/link")).LinkTarget);
        Assert.Equal("755 top/run\n644 top/deep/file\n", workshop.Installed("modes"));
        Assert.Contains(workshop.Lines, line => line.StartsWith($"  -> Extracting {archive}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hard_links_in_an_archive_stay_hard_links(bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        await Workshop.RunAsync(
            workshop.StartDirectory, "bash", "-c", "mkdir top && echo x > top/a && ln top/a top/b && tar -cf a.tar ./top && rm -r top");
        workshop.Pkgbuild(Workshop.Head + "source=(a.tar)\nsha256sums=(SKIP)\npackage() { [ top/a -ef top/b ]; }\n");

        await workshop.BuildAsync(options => withBsdTar ? options : workshop.Bare(options));
    }

    [Fact]
    public async Task What_is_named_in_noextract_is_not_unpacked()
    {
        await MakeTopAsync();
        await Workshop.RunAsync(workshop.StartDirectory, "tar", "-czf", "a.tar.gz", "top");
        workshop.Pkgbuild(Workshop.Head + "source=(a.tar.gz)\nnoextract=(a.tar.gz)\nsha256sums=(SKIP)\npackage() { [ -f a.tar.gz ]; [ ! -e top ]; }\n");

        await workshop.BuildAsync();

        Assert.DoesNotContain(workshop.Lines, line => line.Contains("Extracting a.tar.gz", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("note.txt.gz", "gzip -c", true)]
    [InlineData("note.txt.gz", "gzip -c", false)]
    [InlineData("note.txt.xz", "xz -c", true)]
    [InlineData("note.txt.zst", "zstd -qc", true)]
    [InlineData("note.txt.bz2", "bzip2 -c", true)]
    public async Task A_single_compressed_file_is_decompressed(string name, string command, bool withBsdTar)
    {
        Assert.SkipUnless(Workshop.HasCommand(command.Split(' ')[0]), $"needs {command}");
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        workshop.With("note.txt", "content");
        await Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", $"{command} note.txt > {name} && rm note.txt");
        workshop.Pkgbuild(Workshop.Head + $"source=({name})\nsha256sums=(SKIP)\npackage() {{ cp note.txt \"$pkgdir\"; }}\n");

        await workshop.BuildAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Equal("content", workshop.Installed("note.txt"));
    }

    [Fact]
    public async Task What_is_no_archive_is_only_linked()
    {
        workshop.With("script.sh", "#!/bin/sh\n").With("empty", "").With("blob", [0, 1, 2, 3, 0, 5])
            .With("like.gz", "not compressed").With("data.bin", await CompressAsync());
        workshop.Pkgbuild(Workshop.Head + """
            source=(script.sh empty blob like.gz data.bin)
            sha256sums=(SKIP SKIP SKIP SKIP SKIP)
            package() { for file in script.sh empty blob like.gz data.bin; do [ "$(readlink $file)" = "$startdir/$file" ]; done; [ "$(ls | wc -l)" = 5 ]; }
            """);

        await workshop.BuildAsync();

        Assert.DoesNotContain(workshop.Lines, line => line.StartsWith("  -> Extracting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_archive_that_only_bsdtar_can_read_is_one_clear_error_where_there_is_none()
    {
        await MakeTopAsync();
        await Workshop.RunAsync(workshop.StartDirectory, "tar", "-cJf", "a.tar.xz", "top");
        workshop.Pkgbuild(Workshop.Head + "source=(a.tar.xz)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync(options => workshop.Bare(options));

        Assert.Equal(MakepkgExitCode.MissingTool, error.ExitCode);
        Assert.StartsWith("a.tar.xz can be unpacked with bsdtar only, and it is not on PATH", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar.gz", "tar -czf a.tar.gz big", true)]
    [InlineData("a.tar.gz", "tar -czf a.tar.gz big", false)]
    [InlineData("a.tar", "tar -cf a.tar big", true)]
    [InlineData("a.tar", "tar -cf a.tar big", false)]
    [InlineData("a.zip", "bsdtar -acf a.zip big", true)]
    [InlineData("a.zip", "bsdtar -acf a.zip big", false)]
    public async Task A_damaged_archive_is_one_clear_error(string name, string command, bool withBsdTar)
    {
        Assert.SkipUnless(Workshop.HasCommand("bsdtar"), "needs bsdtar");
        workshop.With("big", Workshop.Bytes(1_000_000));
        await Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", $"{command} && truncate -s $(($(stat -c %s {name}) / 2)) {name}");
        workshop.Pkgbuild(Workshop.Head + $"source=({name})\nsha256sums=(SKIP)\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
        Assert.StartsWith($"Failed to extract {name}: ", error.Message, StringComparison.Ordinal);
    }

    private Task<string> MakeTopAsync() => Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", """
        mkdir -p top/deep top/Grüße
        printf content | tee top/deep/file top/Grüße/дир top/run > /dev/null
        ln -s deep/file top/link
        chmod 644 top/deep/file
        chmod 4775 top/run
        """);

    private async Task<byte[]> CompressAsync()
    {
        workshop.With("plain", "content");
        await Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", "gzip -c plain > packed && rm plain");
        var bytes = await File.ReadAllBytesAsync(Path.Combine(workshop.StartDirectory, "packed"), TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(workshop.StartDirectory, "packed"));
        return bytes;
    }
}
