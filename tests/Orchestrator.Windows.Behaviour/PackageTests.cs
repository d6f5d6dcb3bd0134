using System.Formats.Tar;
using System.IO.Compression;
using Orchestrator.Pkgbuild;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class PackageTests
{
    [Fact(Timeout = Bash.Deadline)]
    public async Task A_package_is_built_from_its_sources_to_the_archive()
    {
        using var workshop = new Workshop();
        workshop.WriteSource("hello.sh", "#!/bin/sh\necho hello\n");
        await WriteArchiveAsync(workshop);
        workshop.WritePkgbuild(Workshop.Head + """
            source=(hello.sh inner.tar.gz)
            sha256sums=(SKIP SKIP)
            prepare() {
              sed -i 's/hello/good day/' hello.sh
            }
            build() {
              printf '%s\n' "$startdir" "$srcdir" "$pkgdir" "$PWD" "$TMPDIR" "$CARCH" "$(mktemp)" >places
            }
            check() {
              [[ -f inner/notes.txt ]]
            }
            package() {
              install -Dm755 hello.sh "$pkgdir/usr/bin/hello"
              ln "$pkgdir/usr/bin/hello" "$pkgdir/usr/bin/hallo"
              install -Dm444 inner/notes.txt -t "$pkgdir/usr/share/sample é"
              install -Dm644 places -t "$pkgdir/usr/share/sample é"
            }
            """);

        var result = await workshop.BuildAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1.0-1", result.Version.ToString());
        var package = Assert.Single(result.Packages);
        Assert.Equal(
            [
                ("usr/", TarEntryType.Directory, 0b111_101_101),
                ("usr/bin/", TarEntryType.Directory, 0b111_101_101),
                ("usr/bin/hallo", TarEntryType.RegularFile, 0b111_101_101),
                ("usr/bin/hello", TarEntryType.HardLink, 0b111_101_101),
                ("usr/share/", TarEntryType.Directory, 0b111_101_101),
                ("usr/share/sample é/", TarEntryType.Directory, 0b111_101_101),
                ("usr/share/sample é/notes.txt", TarEntryType.RegularFile, 0b100_100_100),
                ("usr/share/sample é/places", TarEntryType.RegularFile, 0b110_100_100),
            ],
            await MembersAsync(package.ArchivePath));
        Assert.Equal("#!/bin/sh\necho good day\n", await File.ReadAllTextAsync(Path.Combine(package.TreePath, "usr", "bin", "hello"), TestContext.Current.CancellationToken));
        Assert.Equal("#!/bin/sh\necho hello\n", await File.ReadAllTextAsync(Path.Combine(workshop.StartDirectory, "hello.sh"), TestContext.Current.CancellationToken));

        // As makepkg of MSYS2 has them: no drive with a colon, no backslash.
        var places = await File.ReadAllLinesAsync(Path.Combine(package.TreePath, "usr", "share", "sample é", "places"), TestContext.Current.CancellationToken);
        var work = BashPath.FromWindows(workshop.WorkRootPath) + "/sample.";
        Assert.StartsWith("/c/", work, StringComparison.Ordinal);
        Assert.Equal(BashPath.FromWindows(workshop.StartDirectory), places[0]);
        Assert.All(places[1..5].Append(places[6]), place => Assert.StartsWith(work, place, StringComparison.Ordinal));
        Assert.Equal("x86_64", places[5]);
        Assert.Empty(workshop.WorkDirectories);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_package_can_be_put_on_another_volume_with_all_that_makes_it()
    {
        // Where tests put nothing else: drive Z: of wine, or what TEMP is on.
        using var workshop = new Workshop { Output = Path.Combine(Path.GetDirectoryName(Marker.Tree)!, "out " + Guid.NewGuid().ToString("N")) };
        workshop.WritePkgbuild(Workshop.Head + """
            package() {
              mkdir -p "$pkgdir/etc"
              echo text >"$pkgdir/etc/one"
              ln "$pkgdir/etc/one" "$pkgdir/etc/two"
              echo text >"$pkgdir/etc/kept"
              chmod 444 "$pkgdir/etc/kept"
            }
            """);
        var package = Assert.Single((await workshop.BuildAsync(TestContext.Current.CancellationToken)).Packages);

        Assert.Equal(
            [
                ("etc/", TarEntryType.Directory, 0b111_101_101),
                ("etc/kept", TarEntryType.RegularFile, 0b100_100_100),
                ("etc/one", TarEntryType.RegularFile, 0b110_100_100),
                ("etc/two", TarEntryType.HardLink, 0b110_100_100),
            ],
            await MembersAsync(package.ArchivePath));
        Assert.True(File.Exists(Path.Combine(package.TreePath, "etc", "two")));
        Assert.Empty(workshop.WorkDirectories);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(workshop.Output, ".orchestrator", "work")));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_package_that_is_up_to_date_is_not_built_and_one_that_changed_replaces_it()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "package() {\n  echo one >\"$pkgdir/number\"\n  chmod 444 \"$pkgdir/number\"\n}\n");
        var first = await workshop.BuildAsync(TestContext.Current.CancellationToken);
        var second = await workshop.BuildAsync(TestContext.Current.CancellationToken);
        workshop.WritePkgbuild(Workshop.Head + "package() {\n  echo two >\"$pkgdir/number\"\n}\n");
        var third = await workshop.BuildAsync(TestContext.Current.CancellationToken);

        Assert.Equal((false, true, false), (first.IsUpToDate, second.IsUpToDate, third.IsUpToDate));
        Assert.Equal("two\n", await File.ReadAllTextAsync(Path.Combine(Assert.Single(third.Packages).TreePath, "number"), TestContext.Current.CancellationToken));
        Assert.Empty(workshop.WorkDirectories);
    }

    [Theory(Timeout = Bash.Deadline)]
    [InlineData("build() {\n  true\n  false\n}\n", 7)]
    [InlineData("build() {\n  return 3\n}\n", 5)]
    public async Task A_function_that_fails_is_an_error_with_its_line(string function, int line)
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + function + "package() {\n  :\n}\n");

        var exception = await Assert.ThrowsAsync<PkgbuildException>(() => workshop.BuildAsync(TestContext.Current.CancellationToken));

        Assert.Equal((MakepkgExitCode.FunctionFailed, workshop.PkgbuildPath, line), (exception.ExitCode, exception.File, exception.Line));
        Assert.Contains("A failure occurred in build()", exception.Message, StringComparison.Ordinal);
        Assert.Empty(workshop.WorkDirectories);
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_build_that_is_cancelled_leaves_no_work_directory()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "build() {\n  echo READY\n  sleep 1000\n}\npackage() {\n  :\n}\n");

        await Assert.ThrowsAsync<OperationCanceledException>(() => workshop.BuildAsync(TestContext.Current.CancellationToken, cancelAt: "READY"));

        Assert.Empty(workshop.WorkDirectories);
        Assert.Contains("==> Build cancelled, killing process group...", workshop.Lines);
        Assert.Contains(workshop.Lines, line => line.StartsWith("==> Work directory removed: ", StringComparison.Ordinal));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_PKGBUILD_that_depends_on_programs_and_on_its_folder_is_read_by_bash()
    {
        using var workshop = new Workshop();
        workshop.WriteSource("words", "of its folder");
        workshop.WritePkgbuild(Workshop.Head + "pkgdesc=\"Words $(cat \"$startdir/words\")\"\nurl=$startdir\npackage() {\n  :\n}\n");

        var pkgbuild = await PkgbuildReader.ReadAsync(workshop.StartDirectory, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Words of its folder", pkgbuild.Fields.String("pkgdesc"));
        Assert.Equal(BashPath.FromWindows(workshop.StartDirectory), pkgbuild.Fields.String("url"));
    }

    [Fact(Timeout = Bash.Deadline)]
    public async Task A_syntax_error_is_named_with_its_line()
    {
        using var workshop = new Workshop();
        workshop.WritePkgbuild(Workshop.Head + "package() {\n  if then\n}\n");

        var exception = await Assert.ThrowsAsync<PkgbuildException>(() => workshop.BuildAsync(TestContext.Current.CancellationToken));

        Assert.Equal((MakepkgExitCode.PkgbuildError, workshop.PkgbuildPath, 6), (exception.ExitCode, exception.File, exception.Line));
    }

    private static async Task WriteArchiveAsync(Workshop workshop)
    {
        await using var file = File.Create(Path.Combine(workshop.StartDirectory, "inner.tar.gz"));
        await using var content = new GZipStream(file, CompressionLevel.Fastest);
        await using var writer = new TarWriter(content, TarEntryFormat.Gnu);
        await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "inner/notes.txt") { DataStream = new MemoryStream("notes\n"u8.ToArray()) }, TestContext.Current.CancellationToken);
    }

    private static async Task<List<(string Name, TarEntryType Type, int Mode)>> MembersAsync(string archive)
    {
        Assert.EndsWith("sample-1.0-1-any.pkg.tar.gz", archive, StringComparison.Ordinal);
        List<(string, TarEntryType, int)> members = [];
        await using var file = File.OpenRead(archive);
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        await using var reader = new TarReader(content);
        while (await reader.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken) is { } entry)
        {
            members.Add((entry.Name, entry.EntryType, (int)entry.Mode));
        }

        return members;
    }
}
