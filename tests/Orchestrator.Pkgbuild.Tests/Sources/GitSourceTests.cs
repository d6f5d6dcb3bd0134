using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Pkgbuild.Tests;

public sealed class GitSourceTests : IDisposable
{
    private readonly Workshop workshop = new();
    private readonly GitRepositoryFolder repository;

    public GitSourceTests()
    {
        Assert.SkipUnless(Workshop.HasCommand("git"), "needs git");
        repository = new(Path.Combine(workshop.Root, "upstream"));
    }

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("", "three")]
    [InlineData("#branch=side", "side")]
    [InlineData("#tag=v2", "two")]
    [InlineData("#commit={first}", "one")]
    public async Task What_is_asked_for_is_checked_out(string fragment, string content)
    {
        var first = await MakeHistoryAsync();
        Use(fragment.Replace("{first}", first, StringComparison.Ordinal));

        await workshop.BuildAsync();

        Assert.Equal(content, workshop.Installed("file"));
        Assert.Equal("makepkg\n", workshop.Installed("branch"));
        Assert.Contains("  -> Cloning up git repo...", workshop.Lines);
        Assert.Contains("  -> Creating working copy of up git repo...", workshop.Lines);
    }

    [Fact]
    public async Task The_mirror_is_kept_and_updated()
    {
        await repository.CommitAsync("file", "one");
        Use("");
        await workshop.BuildAsync();
        await repository.CommitAsync("file", "two");

        await workshop.BuildAsync();

        Assert.Equal("two", workshop.Installed("file"));
        Assert.Contains("  -> Updating up git repo...", workshop.Lines);
        Assert.Single(Directory.GetDirectories(Path.Combine(workshop.Cache, "git")));
    }

    [Fact]
    public async Task A_mirror_that_cannot_be_updated_is_used_as_it_is()
    {
        await repository.CommitAsync("file", "one");
        Use("#branch=main");
        await workshop.BuildAsync();
        Directory.Move(repository.Path, repository.Path + ".away");

        await workshop.BuildAsync(options => options with { Force = true });

        Assert.Contains(workshop.Lines, line => line.StartsWith("==> WARNING: Failure while updating up git repo", StringComparison.Ordinal));
        Assert.Equal("one", workshop.Installed("file"));
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_one_clear_error_and_leaves_no_mirror()
    {
        Use("");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.Failure, error.ExitCode);
        Assert.StartsWith($"Failure while downloading up git repo from file://{repository.Path}: git: fatal: ", error.Message, StringComparison.Ordinal);
        Assert.Empty(Mirrors());
    }

    [Theory]
    [InlineData("#branch=none", "branch 'none'")]
    [InlineData("#tag=none", "tag 'none'")]
    [InlineData("#commit=0123456789", "commit '0123456789'")]
    public async Task A_reference_that_is_not_there_is_one_clear_error(string fragment, string name)
    {
        await MakeHistoryAsync();
        Use(fragment);

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.Failure, 5), (error.ExitCode, error.Line));
        Assert.Equal($"file://{repository.Path} has no {name}", error.Message);
    }

    [Fact]
    public async Task A_forged_tag_is_one_clear_error()
    {
        await MakeHistoryAsync();
        var tag = (await repository.GitAsync("rev-parse", "refs/tags/v2")).Trim();
        await repository.GitAsync("update-ref", "refs/tags/v3", tag);
        Use("#tag=v3");

        var error = await workshop.BuildBadAsync();

        Assert.EndsWith("the git tag has been forged: inside it says v2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sum_of_a_git_source_is_that_of_its_archive()
    {
        await MakeHistoryAsync();
        var archive = await Workshop.RunAsync(repository.Path, "git", "archive", "--format", "tar", "v2");
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(archive)));
        Use("#tag=v2", sum);

        await workshop.BuildAsync();

        Assert.Contains("    up ... Passed", workshop.Lines);
        Use("#tag=v1", sum);
        Assert.StartsWith("up did not pass the validity check: sha256sums: expected ", (await workshop.BuildBadAsync()).Message, StringComparison.Ordinal);
        Use("#branch=main", sum);
        Assert.Contains("a git source has a sum only with #tag= or #commit=", (await workshop.BuildBadAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_of_a_git_hook_do_not_lead_astray()
    {
        await MakeHistoryAsync();
        Use("#tag=v1");
        workshop.Pkgbuild((await File.ReadAllTextAsync(workshop.PkgbuildPath, TestContext.Current.CancellationToken))
            .Replace("package() {", "package() { unset GIT_DIR GIT_WORK_TREE;", StringComparison.Ordinal));

        await workshop.BuildAsync(options => options with
        {
            Environment = new Dictionary<string, string?> { ["GIT_DIR"] = "/nowhere", ["GIT_WORK_TREE"] = "/nowhere" },
        });

        Assert.Equal("one", workshop.Installed("file"));
    }

    [Fact]
    public async Task A_commit_without_a_signature_is_refused_where_one_is_wanted()
    {
        await MakeHistoryAsync();
        Use("#tag=v2?signed");

        var error = await workshop.BuildBadAsync();

        Assert.Equal("The signature of up git repo could not be verified: SIGNATURE NOT FOUND", error.Message);
        Assert.Equal(5, error.Line);
    }

    [Fact]
    public async Task A_good_signature_of_a_key_that_the_PKGBUILD_names_is_accepted_and_another_is_not()
    {
        await using var keys = await KeyRing.CreateAsync(Path.Combine(workshop.Root, "gpg"));
        await MakeHistoryAsync();
        await repository.GitAsync("-c", $"user.signingKey={keys.Key}", "-c", $"gpg.program={keys.Program}", "tag", "--sign", "--message", "signed", "v9");
        await keys.EndAgentAsync();

        Use("#tag=v9?signed", keys: keys.Key);
        await workshop.BuildAsync(keys.Use);
        Assert.Contains("    up git repo ... Passed", workshop.Lines);

        Use("#tag=v9?signed", keys: new string('A', 40));
        Assert.EndsWith($"invalid public key {keys.Key}", (await workshop.BuildBadAsync(keys.Use)).Message, StringComparison.Ordinal);
    }

    private async Task<string> MakeHistoryAsync()
    {
        var first = await repository.CommitAsync("file", "one");
        await repository.GitAsync("tag", "v1");
        await repository.CommitAsync("file", "two");
        await repository.GitAsync("tag", "--annotate", "--message", "two", "v2");
        await repository.GitAsync("switch", "--quiet", "--create", "side");
        await repository.CommitAsync("file", "side");
        await repository.GitAsync("switch", "--quiet", "main");
        await repository.CommitAsync("file", "three");
        return first;
    }

    private void Use(string fragment, string sum = "SKIP", string keys = "") => workshop.Pkgbuild(Workshop.Head + $$"""
        source=('up::git+file://{{repository.Path}}{{fragment}}')
        sha256sums=({{sum}})
        validpgpkeys=({{keys}})
        package() { cp up/file "$pkgdir"; git -C up branch --show-current > "$pkgdir/branch"; }
        """);

    private IEnumerable<string> Mirrors() => Directory.GetDirectories(Path.Combine(workshop.Cache, "git")).SelectMany(Directory.GetFileSystemEntries);
}
