namespace Orchestrator.Pkgbuild.Tests;

public class PackageSourceTests
{
    [Theory]
    [InlineData("fix.patch", SourceProtocol.Local, "fix.patch", "fix.patch")]
    [InlineData("other::fix.patch", SourceProtocol.Local, "other", "other")]
    [InlineData("it's a file.txt", SourceProtocol.Local, "it's a file.txt", "it's a file.txt")]
    [InlineData("https://example.org/a/b-1.0.tar.gz", SourceProtocol.Http, "b-1.0.tar.gz", "https://example.org/a/b-1.0.tar.gz")]
    [InlineData("http://example.org/get?file=b.tgz", SourceProtocol.Http, "get?file=b.tgz", "http://example.org/get?file=b.tgz")]
    [InlineData("b.tgz::http://example.org/get?file=/x", SourceProtocol.Http, "b.tgz", "http://example.org/get?file=/x")]
    [InlineData("b.tgz::https://example.org/a::b", SourceProtocol.Http, "b.tgz", "https://example.org/a::b")]
    [InlineData("file:///srv/data.txt", SourceProtocol.File, "data.txt", "file:///srv/data.txt")]
    public void A_file_has_the_name_that_makepkg_gives_it(string text, SourceProtocol protocol, string name, string address)
    {
        var source = PackageSource.Parse(text);

        Assert.Equal((protocol, name, address, null, text), (source.Protocol, source.Name, source.Url, source.Reference, source.ToString()));
    }

    [Theory]
    [InlineData("git+https://example.org/tool.git", "tool", "https://example.org/tool.git", GitReferenceKind.Head, "", false)]
    [InlineData("git+https://example.org/tool/", "tool", "https://example.org/tool/", GitReferenceKind.Head, "", false)]
    [InlineData("git://example.org/tool", "tool", "git://example.org/tool", GitReferenceKind.Head, "", false)]
    [InlineData("git+ssh://git@example.org/a/tool.git#branch=next", "tool", "ssh://git@example.org/a/tool.git", GitReferenceKind.Branch, "next", false)]
    [InlineData("t::git+https://example.org/tool#tag=v1.0?signed", "t", "https://example.org/tool", GitReferenceKind.Tag, "v1.0", true)]
    [InlineData("git+https://example.org/tool?signed#commit=0123abc", "tool", "https://example.org/tool", GitReferenceKind.Commit, "0123abc", true)]
    [InlineData("git+file:///srv/tool#tag=a=b", "tool", "file:///srv/tool", GitReferenceKind.Tag, "a=b", false)]
    public void A_git_source_has_a_repository_a_reference_and_a_wish_for_a_signature(
        string text, string name, string address, GitReferenceKind kind, string value, bool signed)
    {
        var source = PackageSource.Parse(text);

        Assert.Equal(SourceProtocol.Git, source.Protocol);
        Assert.Equal((name, address, new GitReference(kind, value), signed), (source.Name, source.Url, source.Reference, source.MustBeSigned));
    }

    [Theory]
    [InlineData("ftp://example.org/a", "Unknown download protocol 'ftp'")]
    [InlineData("svn+https://example.org/a", "Unknown download protocol 'svn+https'")]
    [InlineData("hg+https://example.org/a#tag=1", "Unknown download protocol 'hg+https'")]
    [InlineData("git+https://example.org/a#revision=1", "Unrecognized reference 'revision=1'")]
    [InlineData("git+https://example.org/a#tag=", "Unrecognized reference 'tag='")]
    [InlineData("git+https://example.org/a#branch=--upload-pack=x", "Unrecognized reference 'branch=--upload-pack=x'")]
    [InlineData("patches/fix.patch", "is neither a URL nor the name of a file beside the PKGBUILD")]
    [InlineData("../fix.patch", "is neither a URL nor the name of a file beside the PKGBUILD")]
    [InlineData("/etc/passwd", "is neither a URL nor the name of a file beside the PKGBUILD")]
    [InlineData("../a::https://example.org/a", "'../a' cannot be the name of a file in srcdir")]
    [InlineData("a/b::https://example.org/a", "'a/b' cannot be the name of a file in srcdir")]
    [InlineData("..::https://example.org/a", "'..' cannot be the name of a file in srcdir")]
    [InlineData(".::https://example.org/a", "'.' cannot be the name of a file in srcdir")]
    [InlineData("::https://example.org/a", "'' cannot be the name of a file in srcdir")]
    [InlineData("https://example.org/", "'' cannot be the name of a file in srcdir")]
    [InlineData("https://example.org/..", "'..' cannot be the name of a file in srcdir")]
    [InlineData("git+https://example.org/..", "'..' cannot be the name of a file in srcdir")]
    [InlineData("git+https://example.org/.git", "'' cannot be the name of a file in srcdir")]
    [InlineData("", "'' cannot be the name of a file in srcdir")]
    public void What_cannot_be_fetched_is_one_clear_error_with_its_place(string text, string message)
    {
        var error = Assert.Throws<PkgbuildException>(() => PackageSource.Parse(text, "/x/PKGBUILD", 7));

        Assert.Equal((MakepkgExitCode.PkgbuildError, "/x/PKGBUILD", 7), (error.ExitCode, error.File, error.Line));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_of_the_architecture_follow_those_of_all_with_their_own_sums()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(Workshop.Head.Replace("any", "x86_64 aarch64", StringComparison.Ordinal) + """
            source=(a b)
            sha256sums=(SKIP 00)
            md5sums=(11 SKIP)
            source_x86_64=(c)
            cksums_x86_64=(22)
            source_aarch64=(d)
            cksums_aarch64=(33)
            """);

        var entries = SourceEntry.ReadAll(pkgbuild, "x86_64");

        Assert.Equal(["a", "b", "c"], entries.Select(entry => entry.Source.Name));
        Assert.Equal([[ChecksumKind.Md5], [ChecksumKind.Sha256], [ChecksumKind.Ck]], entries.Select(entry => entry.Kinds));
        Assert.Equal("source_x86_64", entries[2].Array);
    }

    [Fact]
    public async Task A_source_has_the_line_that_it_is_written_in()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(Workshop.Head + """
            source=(first)
            sha256sums=(SKIP)
            source=("second"
                    third)
            sha256sums=(SKIP
                        0000000000000000000000000000000000000000000000000000000000000000)
            """);

        var entries = SourceEntry.ReadAll(pkgbuild, "x86_64");

        Assert.Equal([7, 8], entries.Select(entry => entry.Line));
        Assert.Equal(10, entries[1].Wrong(ChecksumKind.Sha256, "it is another").Line);
    }

    [Fact]
    public async Task Two_sources_of_one_name_are_one_clear_error()
    {
        var pkgbuild = await PkgbuildFolder.ReadAsync(Workshop.Head + """
            source=(https://example.org/1/a.tgz
                    https://example.org/2/a.tgz)
            sha256sums=(SKIP SKIP)
            """);

        var error = Assert.Throws<PkgbuildException>(() => SourceEntry.ReadAll(pkgbuild, "x86_64"));

        Assert.Equal((MakepkgExitCode.PkgbuildError, 6), (error.ExitCode, error.Line));
        Assert.Contains("'a.tgz'", error.Message, StringComparison.Ordinal);
    }
}
