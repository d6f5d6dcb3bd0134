using System.Formats.Tar;
using System.IO.Compression;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class HostileArchiveTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    public static TheoryData<string, string, string, bool> Members
    {
        get
        {
            TheoryData<string, string, string, bool> data = [];
            foreach (var withBsdTar in new[] { true, false })
            {
                data.Add("../evil", "file ../evil", "'../evil' has a '..' in it", withBsdTar);
                data.Add("a/../../evil", "file a/../../evil", "'a/../../evil' has a '..' in it", withBsdTar);
                data.Add("{root}/evil", "file {root}/evil", "'{root}/evil' is an absolute path", withBsdTar);
                data.Add("link/evil", "symlink link {root}|file link/evil", "it goes through the symbolic link 'link'", withBsdTar);
                data.Add("./link//evil", "symlink link/ ..|file ./link//evil", "it goes through the symbolic link 'link'", withBsdTar);
                data.Add("a/link/evil", "dir a|symlink a/link ../..|file a/link/evil", "it goes through the symbolic link 'a/link'", withBsdTar);
                data.Add("link", "symlink link {root}|dir link", "it goes through the symbolic link 'link'", withBsdTar);
                data.Add("hard", "hardlink hard {root}/secret", "'{root}/secret' is an absolute path", withBsdTar);
                data.Add("hard", "hardlink hard ../../secret", "'../../secret' has a '..' in it", withBsdTar);
                data.Add("hard", "hardlink hard not-there", "it is a hard link to 'not-there', which is not a file of the archive", withBsdTar);
                data.Add("hard", "symlink link {root}/secret|hardlink hard link", "it is a hard link to 'link', which is not a file of the archive", withBsdTar);
                data.Add("null", "device null", "it is neither a file, nor a folder, nor a link", withBsdTar);
                data.Add("pipe", "fifo pipe", "it is neither a file, nor a folder, nor a link", withBsdTar);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_member_that_leaves_srcdir_is_refused_before_anything_is_written(string member, string members, string reason, bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        (member, members, reason) = (InRoot(member), InRoot(members), InRoot(reason));
        await File.WriteAllTextAsync(Path.Combine(workshop.Root, "secret"), "secret", TestContext.Current.CancellationToken);
        WriteTar("bad.tar", "file good|" + members);
        workshop.Pkgbuild(Workshop.Head + "source=(bad.tar)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await Assert.ThrowsAsync<PkgbuildException>(
            () => workshop.BuildAsync(options => (withBsdTar ? options : workshop.Bare(options)) with { Keep = true }));

        Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
        Assert.Equal($"bad.tar is refused, member '{member}' could reach outside srcdir: {reason}. Nothing of it was unpacked", error.Message);
        Assert.False(Path.Exists(Path.Combine(workshop.Root, "evil")));
        var kept = Assert.Single(Directory.GetDirectories(workshop.Work));
        Assert.Equal(["bad.tar"], Directory.GetFileSystemEntries(Path.Combine(kept, "src")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("xz -c bad.tar > bad.tar.xz", "bad.tar.xz")]
    [InlineData("gzip -c bad.tar > bad.tar.gz", "bad.tar.gz")]
    [InlineData("bsdtar -P -cf bad.cpio --format=cpio @bad.tar", "bad.cpio")]
    [InlineData("bsdtar -P -cf bad.zip --format=zip @bad.tar", "bad.zip")]
    public async Task Compression_and_format_make_no_difference(string command, string name)
    {
        Assert.SkipUnless(Workshop.HasCommand("bsdtar"), "needs bsdtar");
        WriteTar("bad.tar", "file good|file ../evil");
        await Workshop.RunAsync(workshop.StartDirectory, "bash", "-c", command);
        workshop.Pkgbuild(Workshop.Head + $"source=({name})\nsha256sums=(SKIP)\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.StartsWith($"{name} is refused, member '../evil' could reach outside srcdir", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(workshop.Root, "evil")));
    }

    [Theory]
    [InlineData("../evil", false, true)]
    [InlineData("../evil", false, false)]
    [InlineData("link/evil", true, true)]
    [InlineData("link/evil", true, false)]
    [InlineData("/evil", false, true)]
    [InlineData("/evil", false, false)]
    public async Task A_member_of_a_zip_that_leaves_srcdir_is_refused(string member, bool withLink, bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        using (var zip = await ZipFile.OpenAsync(Path.Combine(workshop.StartDirectory, "bad.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            if (withLink)
            {
                var link = zip.CreateEntry("link");
                link.ExternalAttributes = unchecked((int)0xA1FF0000);
                await using StreamWriter target = new(await link.OpenAsync(TestContext.Current.CancellationToken));
                await target.WriteAsync(workshop.Root);
            }

            await using StreamWriter content = new(await zip.CreateEntry(member).OpenAsync(TestContext.Current.CancellationToken));
            await content.WriteAsync("evil");
        }

        workshop.Pkgbuild(Workshop.Head + "source=(bad.zip)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.StartsWith($"bad.zip is refused, member '{member}' could reach outside srcdir", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(workshop.Root, "evil")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_an_earlier_archive_has_put_into_srcdir_is_seen(bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        WriteTar("first.tar", InRoot("symlink link {root}"));
        WriteTar("second.tar", "file link/evil");
        workshop.Pkgbuild(Workshop.Head + "source=(first.tar second.tar)\nsha256sums=(SKIP SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Contains("it goes through the symbolic link 'link' in srcdir", error.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(workshop.Root, "evil")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_does_not_write_through_the_link_to_a_source_of_its_name(bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        workshop.With("mine.txt", "mine");
        WriteTar("a.tar", "file mine.txt");
        workshop.Pkgbuild(Workshop.Head + "source=(mine.txt a.tar)\nsha256sums=(SKIP SKIP)\npackage() { cp mine.txt \"$pkgdir\"; }\n");

        await workshop.BuildAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(workshop.StartDirectory, "mine.txt"), TestContext.Current.CancellationToken));
        Assert.Equal("content", workshop.Installed("mine.txt"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_nothing_is_written_through_may_point_anywhere(bool withBsdTar)
    {
        Assert.SkipUnless(!withBsdTar || Workshop.HasCommand("bsdtar"), "needs bsdtar");
        WriteTar("a.tar", "dir top|symlink top/compile /usr/share/automake/compile|file top/file");
        workshop.Pkgbuild(Workshop.Head + "source=(a.tar)\nsha256sums=(SKIP)\npackage() { readlink top/compile > \"$pkgdir/target\"; }\n");

        await workshop.BuildAsync(options => withBsdTar ? options : workshop.Bare(options));

        Assert.Equal("/usr/share/automake/compile\n", workshop.Installed("target"));
    }

    private string InRoot(string text) => text.Replace("{root}", workshop.Root, StringComparison.Ordinal);

    private void WriteTar(string name, string members)
    {
        using TarWriter writer = new(File.Create(Path.Combine(workshop.StartDirectory, name)), TarEntryFormat.Gnu);
        foreach (var words in members.Split('|').Select(member => member.Split(' ')))
        {
            GnuTarEntry entry = words[0] switch
            {
                "file" => new(TarEntryType.RegularFile, words[1]) { DataStream = new MemoryStream("content"u8.ToArray()) },
                "dir" => new(TarEntryType.Directory, words[1]),
                "symlink" => new(TarEntryType.SymbolicLink, words[1]) { LinkName = words[2] },
                "hardlink" => new(TarEntryType.HardLink, words[1]) { LinkName = words[2] },
                "device" => new(TarEntryType.CharacterDevice, words[1]) { DeviceMajor = 1, DeviceMinor = 3 },
                _ => new(TarEntryType.Fifo, words[1]),
            };
            entry.Mode = BuildEnvironment.DirectoryMode;
            writer.WriteEntry(entry);
        }
    }
}
