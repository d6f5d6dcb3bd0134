using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class PackageArchiveTests : IDisposable
{
    private static readonly DateTimeOffset Date = DateTimeOffset.FromUnixTimeSeconds(1_234_567_890);

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task Everything_that_a_tree_can_hold_is_in_the_archive()
    {
        await MakeTreeAsync();

        var entries = await ReadAsync(await WriteAsync());

        Assert.Equal(
            [
                "empty/", "file", "hard", "link", "long/", $"long/{new string('n', 200)}", "modes/", "modes/private", "modes/run", "modes/sticky/",
                "modes/suid", "pipe", "Ü/", "Ü/дир",
            ],
            entries.Select(entry => entry.Name));
        Assert.All(entries, entry => Assert.Equal((0, 0, "root", "root", Date), (entry.Uid, entry.Gid, entry.UserName, entry.GroupName, entry.ModificationTime)));
        var byName = entries.ToDictionary(entry => entry.Name);
        Assert.Equal((TarEntryType.HardLink, "file"), (byName["hard"].EntryType, byName["hard"].LinkName));
        Assert.Equal((TarEntryType.SymbolicLink, "/not/there/Ü"), (byName["link"].EntryType, byName["link"].LinkName));
        Assert.Equal(TarEntryType.Fifo, byName["pipe"].EntryType);
        Assert.Equal(
            ["600", "755", "1777", "4755"],
            entries.Where(entry => entry.Name.StartsWith("modes/", StringComparison.Ordinal)).Skip(1).Select(entry => Convert.ToString((int)entry.Mode, 8)));
    }

    [Theory]
    [InlineData("tar", "C")]
    [InlineData("bsdtar", "C")]
    [InlineData("bsdtar", "C.UTF-8")]
    public async Task Other_programs_unpack_the_same_tree(string program, string locale)
    {
        Assert.SkipUnless(Workshop.HasCommand(program), $"needs {program}");
        await MakeTreeAsync();
        var archive = await WriteAsync();
        Directory.CreateDirectory(Path.Combine(workshop.Root, "copy"));

        await Workshop.RunAsync(workshop.Root, "env", $"LC_ALL={locale}", program, "--no-same-owner", "-xpf", archive, "-C", Path.Combine(workshop.Root, "copy"));

        const string list = "find . -mindepth 1 -printf '%P %y %m %l %s\\n' | grep -v ' d ' | LC_ALL=C sort; cat file hard Ü/дир long/*";
        Assert.Equal(await ListAsync("tree"), await ListAsync("copy"));

        // bsdtar makes no file set-user-ID whose owner it could not set; tar has no such scruples.
        async Task<string> ListAsync(string folder)
        {
            var text = await Workshop.RunAsync(Path.Combine(workshop.Root, folder), "bash", "-c", list);
            return Environment.IsPrivilegedProcess ? text : text.Replace(" 4755 ", " 755 ", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_builds_give_the_same_bytes(bool withZstd)
    {
        Assert.SkipUnless(!withZstd || Workshop.HasCommand("zstd"), "needs zstd");
        workshop.Pkgbuild(Workshop.Head + """
            package() {
              for number in 9 1 5; do mkdir "$pkgdir/$number"; head -c 300000 /dev/zero > "$pkgdir/$number/Ü"; ln "$pkgdir/$number/Ü" "$pkgdir/$number/hard"; done
            }
            """);
        var options = withZstd ? workshop.Options : workshop.Bare(workshop.Options) with { IgnoreDependencies = true };
        List<string> sums = [];
        foreach (var output in new[] { "out1", "out2" })
        {
            var result = await workshop.BuildAsync(_ => (options with { OutputDirectory = Path.Combine(workshop.Root, output) }));
            Assert.EndsWith(withZstd ? ".pkg.tar.zst" : ".pkg.tar.gz", result.Packages[0].ArchivePath, StringComparison.Ordinal);
            sums.Add(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(result.Packages[0].ArchivePath, TestContext.Current.CancellationToken))));
        }

        Assert.Equal(sums[0], sums[1]);
    }

    [Fact]
    public async Task The_time_of_everything_is_that_of_the_newest_local_source_unless_the_caller_says_otherwise()
    {
        workshop.With("data", "data").Pkgbuild(Workshop.Head + "source=(data)\nsha256sums=(SKIP)\npackage() { touch \"$pkgdir/file\"; }\n");
        File.SetLastWriteTimeUtc(workshop.PkgbuildPath, Date.UtcDateTime.AddDays(-2));
        File.SetLastWriteTimeUtc(Path.Combine(workshop.StartDirectory, "data"), Date.UtcDateTime);

        Assert.Equal(Date, await TimeAsync(options => options));
        Assert.Equal(Date.AddDays(7), await TimeAsync(options => options with { SourceDate = Date.AddDays(7) }));
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(5),
            await TimeAsync(options => options with { Environment = options.Environment.Append(new("SOURCE_DATE_EPOCH", "5")).ToDictionary() }));

        async Task<DateTimeOffset> TimeAsync(Func<BuildOptions, BuildOptions> change)
        {
            var result = await workshop.BuildAsync(options => change(options) with { Force = true });
            var listing = await Workshop.RunAsync(
                workshop.Root, "env", "TZ=UTC", "tar", "--full-time", "-tvf", result.Packages[0].ArchivePath);
            return DateTimeOffset.Parse(string.Join(' ', listing.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..5]) + "Z", null);
        }
    }

    [Fact]
    public async Task A_SOURCE_DATE_EPOCH_that_is_no_number_is_one_clear_error()
    {
        workshop.Pkgbuild(Workshop.Head + "package() { :; }\n");

        var error = await workshop.BuildBadAsync(options => options with { Environment = new Dictionary<string, string?> { ["SOURCE_DATE_EPOCH"] = "today" } });

        Assert.Equal(MakepkgExitCode.ConfigurationError, error.ExitCode);
        Assert.Contains("'today'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("touch $'\\xff'", "pkgdir has a file whose name is not UTF-8: \ufffd")]
    [InlineData("python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('s')\"", "pkgdir has a device or a socket, which no package can hold: s")]
    public async Task What_no_archive_can_hold_is_one_clear_error(string command, string message)
    {
        Assert.SkipUnless(!command.StartsWith("python3", StringComparison.Ordinal) || Workshop.HasCommand("python3"), "needs python3");
        workshop.Pkgbuild(Workshop.Head + $"package() {{ cd \"$pkgdir\"; {command}; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(message, error.Message);
    }

    private Task<string> MakeTreeAsync()
    {
        Directory.CreateDirectory(Path.Combine(workshop.Root, "tree"));
        return Workshop.RunAsync(Path.Combine(workshop.Root, "tree"), "bash", "-c", $"""
            mkdir empty modes modes/sticky Ü long
            echo content > file
            ln file hard
            ln -s /not/there/Ü link
            echo long > long/{new string('n', 200)}
            touch modes/private modes/run modes/suid
            chmod 600 modes/private; chmod 755 modes/run; chmod 4755 modes/suid; chmod 1777 modes/sticky
            mkfifo pipe
            echo unicode > Ü/дир
            """);
    }

    private async Task<string> WriteAsync()
    {
        var archive = Path.Combine(workshop.Root, "sample.tar.gz");
        await PackageArchive.WriteAsync(Path.Combine(workshop.Root, "tree"), archive, Date, compress: true, TestContext.Current.CancellationToken);
        return archive;
    }

    private static async Task<List<GnuTarEntry>> ReadAsync(string archive)
    {
        await using GZipStream content = new(File.OpenRead(archive), CompressionMode.Decompress);
        await using TarReader reader = new(content);
        List<GnuTarEntry> entries = [];
        while (await reader.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            entries.Add(Assert.IsType<GnuTarEntry>(entry));
        }

        return entries;
    }
}
