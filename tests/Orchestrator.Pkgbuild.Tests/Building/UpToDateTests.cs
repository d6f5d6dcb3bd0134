namespace Orchestrator.Pkgbuild.Tests;

public sealed class UpToDateTests : IDisposable
{
    private const string Message = "==> sample 1.0-1 is up to date (use --force to build it again)";

    private readonly Workshop workshop = new();

    public UpToDateTests() => workshop.With("data", "1").Pkgbuild(Workshop.Head + """
        source=(data)
        sha256sums=(SKIP)
        package() { cp data "$pkgdir"; date +%N > "$pkgdir/stamp"; }
        """);

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task What_is_up_to_date_is_said_and_not_built_again()
    {
        var first = await workshop.BuildAsync();
        var stamp = workshop.Installed("stamp");
        var lines = workshop.Lines.Count;

        var second = await workshop.BuildAsync();

        Assert.True(second.IsUpToDate);
        Assert.Equal(first.Packages, second.Packages);
        Assert.Equal([Message], workshop.Lines.Skip(lines));
        Assert.Equal(stamp, workshop.Installed("stamp"));
    }

    [Fact]
    public async Task Force_builds_again()
    {
        await workshop.BuildAsync();
        var stamp = workshop.Installed("stamp");

        var second = await workshop.BuildAsync(options => options with { Force = true });

        Assert.False(second.IsUpToDate);
        Assert.NotEqual(stamp, workshop.Installed("stamp"));
    }

    [Theory]
    [InlineData("start/data")]
    [InlineData("start/PKGBUILD")]
    [InlineData("out/{archive}")]
    public async Task A_change_builds_again(string file)
    {
        var first = await workshop.BuildAsync();
        var path = Path.Combine(workshop.Root, file.Replace("{archive}", Path.GetFileName(first.Packages[0].ArchivePath), StringComparison.Ordinal));
        await File.AppendAllTextAsync(path, "\n", TestContext.Current.CancellationToken);

        Assert.False((await workshop.BuildAsync()).IsUpToDate);
        Assert.True((await workshop.BuildAsync()).IsUpToDate);
    }

    [Fact]
    public async Task A_tree_or_archive_that_is_gone_is_built_again()
    {
        var first = await workshop.BuildAsync();
        File.Delete(first.Packages[0].ArchivePath);
        Assert.False((await workshop.BuildAsync()).IsUpToDate);

        Directory.Delete(first.Packages[0].TreePath, recursive: true);
        Assert.False((await workshop.BuildAsync()).IsUpToDate);
    }

    [Fact]
    public async Task A_file_of_startdir_counts_where_a_function_uses_startdir()
    {
        Directory.CreateDirectory(Path.Combine(workshop.StartDirectory, "workspace"));
        workshop.With("workspace/main.c", "1").Pkgbuild(Workshop.Head + "package() { cp \"$startdir/workspace/main.c\" \"$pkgdir\"; }\n");
        await workshop.BuildAsync(Inside);
        Assert.True((await workshop.BuildAsync(Inside)).IsUpToDate);

        workshop.With("workspace/main.c", "2");

        Assert.False((await workshop.BuildAsync(Inside)).IsUpToDate);

        // What a build writes beside the PKGBUILD is no source of it.
        BuildOptions Inside(BuildOptions options) => options with { OutputDirectory = Path.Combine(workshop.StartDirectory, "out") };
    }

    [Fact]
    public async Task What_a_link_leads_to_counts()
    {
        workshop.With("real", "1");
        File.Delete(Path.Combine(workshop.StartDirectory, "data"));
        File.CreateSymbolicLink(Path.Combine(workshop.StartDirectory, "data"), "real");
        await workshop.BuildAsync();
        Assert.True((await workshop.BuildAsync()).IsUpToDate);

        workshop.With("real", "2");

        Assert.False((await workshop.BuildAsync()).IsUpToDate);
    }

    [Theory]
    [InlineData("FEATURES", true)]
    [InlineData("CFLAGS", true)]
    [InlineData("UNRELATED", false)]
    [InlineData("SOURCE_DATE_EPOCH", false)]
    public async Task A_variable_of_the_caller_counts_if_the_PKGBUILD_or_compilers_read_it(string name, bool counts)
    {
        workshop.Pkgbuild(Workshop.Head + "package() { : ${FEATURES:+--features \"$FEATURES\"}; }\n");
        await workshop.BuildAsync();

        var second = await workshop.BuildAsync(options => options with { Environment = new Dictionary<string, string?> { [name] = "1" } });

        Assert.Equal(!counts, second.IsUpToDate);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_damaged_stamp_builds_again(string content)
    {
        await workshop.BuildAsync();
        await File.WriteAllTextAsync(
            Path.Combine(workshop.Output, ".orchestrator", "stamps", "sample.json"), content, TestContext.Current.CancellationToken);
        Directory.Delete(Path.Combine(workshop.Output, "sample"), recursive: true);

        Assert.False((await workshop.BuildAsync()).IsUpToDate);
    }

    [Fact]
    public async Task A_git_branch_that_has_moved_is_built_again_and_one_that_has_not_is_up_to_date()
    {
        Assert.SkipUnless(Workshop.HasCommand("git"), "needs git");
        GitRepositoryFolder repository = new(Path.Combine(workshop.Root, "upstream"));
        await repository.CommitAsync("file", "1");
        workshop.Pkgbuild(Workshop.Head + $$"""
            source=("up::git+file://{{repository.Path}}")
            sha256sums=(SKIP)
            pkgver() { echo "1.$(git -C up rev-list --count HEAD)"; }
            package() { cp up/file "$pkgdir"; }
            """);
        Assert.Equal("1.1-1", (await workshop.BuildAsync()).Version.ToString());
        var same = await workshop.BuildAsync();
        Assert.True(same.IsUpToDate);
        Assert.Equal("1.1-1", same.Version.ToString());

        await repository.CommitAsync("file", "2");

        var moved = await workshop.BuildAsync();
        Assert.Equal((false, "1.2-1"), (moved.IsUpToDate, moved.Version.ToString()));
        Assert.Equal("2", workshop.Installed("file"));
        workshop.AssertNothingLeft();
    }
}
