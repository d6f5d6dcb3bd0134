using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class ChecksumUpdaterTests : IDisposable
{
    private readonly Workshop workshop = new();
    private readonly string first = Sha256("one\n");
    private readonly string second = Sha256("two\n");

    public ChecksumUpdaterTests() => workshop.With("one", "one\n").With("two", "two\n");

    public void Dispose() => workshop.Dispose();

    [Theory]
    // Only what is wrong is replaced, in the quotes that it has; comments and layout stay.
    [InlineData(
        "source=(one two)\nsha256sums=('00' # the first\n\t\"11\")  # end\nx=1\n",
        "source=(one two)\nsha256sums=('FIRST' # the first\n\t\"SECOND\")  # end\nx=1\n")]
    [InlineData("source=(one two)\nsha256sums=(SKIP SECOND)\n", "source=(one two)\nsha256sums=(FIRST SECOND)\n")]
    [InlineData("sha256sums=($'0' 1)\nsource=(one two)\n", "sha256sums=('FIRST' SECOND)\nsource=(one two)\n")]
    [InlineData("source=(one two)\nsha256sums=(0)\nsha256sums+=('1')\n", "source=(one two)\nsha256sums=(FIRST)\nsha256sums+=('SECOND')\n")]
    [InlineData("source=(one two)\nsha256sums=(x)\nsha256sums=(0 1)\n", "source=(one two)\nsha256sums=(x)\nsha256sums=(FIRST SECOND)\n")]
    // What is right stays as it is written.
    [InlineData("source=(one two)\nsha256sums=(UPPER 0)\n", "source=(one two)\nsha256sums=(UPPER SECOND)\n")]
    // As many as there are sources.
    [InlineData("source=(one two)\nsha256sums=(0) # here\n", "source=(one two)\nsha256sums=('FIRST'\n            'SECOND') # here\n")]
    [InlineData("source=(one)\nsha256sums=(0 1 2)\n", "source=(one)\nsha256sums=('FIRST')\n")]
    [InlineData("source=()\nsha256sums=(0)\n", "source=()\nsha256sums=()\n")]
    [InlineData("_sum=0\nsource=(one)\nsha256sums=(\"$_sum\")\n", "_sum=0\nsource=(one)\nsha256sums=('FIRST')\n")]
    [InlineData("source=(one two)\nsha256sums=({0,1})\n", "source=(one two)\nsha256sums=('FIRST'\n            'SECOND')\n")]
    // None yet.
    [InlineData("source=(one\n  two) # files\nx=1\n", "source=(one\n  two) # files\nsha256sums=('FIRST'\n            'SECOND')\nx=1\n")]
    [InlineData("source=(one); x=1\n", "source=(one)\nsha256sums=('FIRST'); x=1\n")]
    [InlineData("source=(one) x=1", "source=(one)\nsha256sums=('FIRST') x=1")]
    [InlineData("source=(one)", "source=(one)\nsha256sums=('FIRST')")]
    // For each architecture.
    [InlineData(
        "arch=(x86_64 aarch64)\nsource_x86_64=(one)\nsha256sums_x86_64=(0)\nsource_aarch64=(two)\n",
        "arch=(x86_64 aarch64)\nsource_x86_64=(one)\nsha256sums_x86_64=(FIRST)\nsource_aarch64=(two)\nsha256sums_aarch64=('SECOND')\n")]
    // Names are those that the reader sees; signatures have no sums.
    [InlineData("source=(\"$pkgname\"::file://$PWD/../start/one one.sig)\nsha256sums=(0 0)\n", "source=(\"$pkgname\"::file://$PWD/../start/one one.sig)\nsha256sums=(FIRST SKIP)\n")]
    [InlineData("source=(one)\nsha256sums=(FIRST)\n", "source=(one)\nsha256sums=(FIRST)\n")]
    public async Task Sums_are_written_and_nothing_else_changes(string before, string after)
    {
        workshop.Pkgbuild(Workshop.Head + Fill(before)).With("one.sig", "signature");

        Assert.Equal(before != after, await UpdateAsync());

        Assert.Equal(Workshop.Head + Fill(after), await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken));
        Assert.False(await UpdateAsync());
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task Every_kind_that_is_there_is_written_and_bytes_that_are_no_text_stay()
    {
        var bytes = Encoding.Latin1.GetBytes(Workshop.Head + "# Ren\xe9\nsource=(one)\nmd5sums=(0)\ncksums=(0)\nb2sums=(0) # \xff\n");
        workshop.With("PKGBUILD", bytes);

        await UpdateAsync();

        var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken));
        var expected = await Checksums.OfFileAsync(Path.Combine(workshop.StartDirectory, "one"), Checksums.AllKinds, TestContext.Current.CancellationToken);
        Assert.Equal(
            Workshop.Head + $"# Ren\xe9\nsource=(one)\nmd5sums=({expected[ChecksumKind.Md5]})\ncksums=({expected[ChecksumKind.Ck]})\nb2sums=({expected[ChecksumKind.Blake2b]}) # \xff\n",
            text);
    }

    [Theory]
    [InlineData(6, "if true; then\n  sha256sums=(0)\nfi\n")]
    [InlineData(6, "declare -a sha256sums=(0)\n")]
    [InlineData(6, "sha256sums[0]=0\n")]
    [InlineData(6, "sha256sums=(0)\nfor x in 1; do sha256sums+=(1); done\n")]
    [InlineData(6, "sha256sums=(a)\nsha256sums+=(b)\nsha256sums+=(c)\n")]
    [InlineData(6, "sha256sums=(0)\neval 'sha256sums=(1)'\n")]
    public async Task Sums_that_are_computed_are_refused_and_the_file_stays(int line, string sums)
    {
        workshop.Pkgbuild(Workshop.Head + "source=(one two)\n" + sums);
        var before = await File.ReadAllBytesAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<PkgbuildException>(UpdateAsync);

        Assert.Equal((MakepkgExitCode.PkgbuildError, workshop.PkgbuildPath), (error.ExitCode, error.File));
        Assert.InRange(error.Line, line, line + 1);
        Assert.Contains("sha256sums cannot be updated", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken));
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_source_that_is_missing_leaves_the_file_as_it_is()
    {
        workshop.Pkgbuild(Workshop.Head + "source=(one none)\nsha256sums=(0 0)\n");

        var error = await Assert.ThrowsAsync<PkgbuildException>(UpdateAsync);

        Assert.Equal(MakepkgExitCode.MissingFile, error.ExitCode);
        Assert.Contains("sha256sums=(0 0)", await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_is_in_the_cache_for_the_build_that_follows()
    {
        var content = Workshop.Bytes(100_000);
        await using TestServer server = new(context => TestServer.SendAsync(context, content));
        workshop.WithDownload(server.Address + "data.bin", [1]);

        Assert.True(await UpdateAsync());
        Assert.False(await UpdateAsync());
        await workshop.BuildAsync();

        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(workshop.Output, "sample", "data.bin"), TestContext.Current.CancellationToken));
        Assert.Equal(1, server.Requests);
        workshop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_script_that_has_to_be_run_is_run_only_if_it_may()
    {
        workshop.Pkgbuild(Workshop.Head + "pkgdesc=$(date)\nsource=(one)\nsha256sums=(0)\n");

        await Assert.ThrowsAsync<NeedsEvaluationException>(UpdateAsync);
        Assert.True(await new ChecksumUpdater(workshop.Options, workshop.Log).UpdateAsync(
            workshop.StartDirectory, PkgbuildEvaluation.WhenNeeded, TestContext.Current.CancellationToken));

        Assert.Contains($"sha256sums=({first})", await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_git_source_has_a_sum_only_where_it_had_one_and_cannot_move()
    {
        Assert.SkipUnless(Workshop.HasCommand("git"), "git is not installed");
        GitRepositoryFolder repository = new(Path.Combine(workshop.Root, "upstream"));
        var commit = await repository.CommitAsync("file", "content");
        var url = $"git+file://{repository.Path}";
        workshop.Pkgbuild(Workshop.Head + $"source=(a::{url} b::{url}#commit={commit} c::{url}#commit={commit})\nsha256sums=(0 0 SKIP)\n");

        await UpdateAsync();
        var pkgbuild = await PkgbuildReader.ReadAsync(workshop.PkgbuildPath, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["SKIP", "SKIP"], [pkgbuild.Fields.Array("sha256sums")[0], pkgbuild.Fields.Array("sha256sums")[2]]);
        Assert.Matches("^[0-9a-f]{64}$", pkgbuild.Fields.Array("sha256sums")[1]);
        await File.AppendAllTextAsync(workshop.PkgbuildPath, "package() { :; }\n", TestContext.Current.CancellationToken);
        await workshop.BuildAsync();
    }

    private Task<bool> UpdateAsync() => new ChecksumUpdater(workshop.Options, workshop.Log)
        .UpdateAsync(workshop.StartDirectory, cancel: TestContext.Current.CancellationToken);

    private string Fill(string text) => text.Replace("FIRST", first, StringComparison.Ordinal).Replace("UPPER", first.ToUpperInvariant(), StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal);

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
