using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class ChecksumsTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    // FIPS 180-4, RFC 1321, RFC 7693 and POSIX cksum.
    [Theory]
    [InlineData(ChecksumKind.Ck, "", "4294967295")]
    [InlineData(ChecksumKind.Ck, "123456789", "930766865")]
    [InlineData(ChecksumKind.Md5, "", "d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData(ChecksumKind.Md5, "abc", "900150983cd24fb0d6963f7d28e17f72")]
    [InlineData(ChecksumKind.Sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d")]
    [InlineData(ChecksumKind.Sha224, "", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [InlineData(ChecksumKind.Sha224, "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [InlineData(ChecksumKind.Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        ChecksumKind.Sha384,
        "abc",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData(
        ChecksumKind.Sha512,
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(
        ChecksumKind.Blake2b,
        "",
        "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce")]
    [InlineData(
        ChecksumKind.Blake2b,
        "abc",
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923")]
    public void A_sum_is_that_of_its_standard(ChecksumKind kind, string text, string expected)
    {
        using Checksums sums = new(kind);
        foreach (var value in Encoding.ASCII.GetBytes(text))
        {
            sums.Append([value]);
        }

        Assert.Equal(expected, sums.Finish()[kind]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000_003)]
    public async Task All_sums_of_a_file_are_those_of_coreutils(int size)
    {
        Assert.SkipUnless(Workshop.HasCommand("b2sum") && Workshop.HasCommand("cksum"), "needs coreutils");
        workshop.With("data", Workshop.Bytes(size));

        var sums = await Checksums.OfFileAsync(
            Path.Combine(workshop.StartDirectory, "data"), Checksums.AllKinds, TestContext.Current.CancellationToken);

        Assert.Equal(8, sums.Count);
        foreach (var (kind, sum) in sums)
        {
            var output = await Workshop.RunAsync(workshop.StartDirectory, Checksums.NameOf(kind) == "ck" ? "cksum" : Checksums.ArrayOf(kind)[..^1], "data");
            Assert.Equal(output.Split(' ')[0], sum);
        }
    }

    [Theory]
    [InlineData("sha256sums")]
    [InlineData("md5sums")]
    [InlineData("b2sums")]
    public async Task A_wrong_sum_is_one_clear_error(string array)
    {
        var zeros = new string('0', array switch { "md5sums" => 32, "b2sums" => 128, _ => 64 });
        workshop.With("data.txt", "data").Pkgbuild(Workshop.Head + $"source=(data.txt)\n\n{array}=({zeros})\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.Failure, workshop.PkgbuildPath, 7), (error.ExitCode, error.File, error.Line));
        Assert.StartsWith($"data.txt did not pass the validity check: {array}: expected {zeros}, but it is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("    data.txt ... FAILED", workshop.Lines);
        Assert.True(File.Exists(Path.Combine(workshop.StartDirectory, "data.txt")));
    }

    [Fact]
    public async Task Every_kind_of_sum_that_is_given_counts()
    {
        workshop.With("data.txt", "data").Pkgbuild(Workshop.Head + """
            source=(data.txt)
            sha256sums=(3A6EB0790F39AC87C94F3856B2DD2C5D110E6811602261A9A923D3BB23ADC8B7)
            sha1sums=(SKIP)
            cksums=(1)
            package() { :; }
            """);

        var error = await workshop.BuildBadAsync();

        Assert.Equal("data.txt did not pass the validity check: cksums: expected 1, but it is 3390903480", error.Message);
    }

    [Fact]
    public async Task Sums_of_the_architecture_are_checked()
    {
        workshop.With("data.txt", "data").Pkgbuild(Workshop.Head.Replace("any", "x86_64", StringComparison.Ordinal) + """
            source_x86_64=(data.txt)
            md5sums_x86_64=(00000000000000000000000000000000)
            package() { :; }
            """);

        var error = await workshop.BuildBadAsync();

        Assert.StartsWith("data.txt did not pass the validity check: md5sums_x86_64: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, error.Line);
        Assert.Contains("==> Validating source_x86_64 files with md5sums...", workshop.Lines);
    }

    [Fact]
    public async Task Fewer_sums_than_sources_are_one_clear_error_before_anything_is_fetched()
    {
        workshop.Pkgbuild(Workshop.Head + "source=(a b)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.PkgbuildError, 6), (error.ExitCode, error.Line));
        Assert.False(Directory.Exists(workshop.Work));
    }
}
