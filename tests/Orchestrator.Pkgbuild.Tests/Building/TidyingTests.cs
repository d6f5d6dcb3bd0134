namespace Orchestrator.Pkgbuild.Tests;

public sealed class TidyingTests : IDisposable
{
    private const string Package = """
        package() {
          cd "$pkgdir"
          mkdir -p usr/share/doc/sample usr/lib usr/empty/deep usr/share/info opt/tool/doc opt/other
          touch usr/share/doc/sample/README usr/lib/x.la usr/lib/x.a usr/lib/x.so usr/lib/only.a usr/share/info/dir opt/tool/doc/a usr/lib/.packlist usr/lib/m.pod opt/tool/bin usr/share/info/x
          ln -s missing.so usr/lib/y.so; touch usr/lib/y.a
        }

        """;

    private static readonly string[] All =
    [
        "opt/other", "opt/tool/bin", "opt/tool/doc/a", "usr/empty/deep", "usr/lib/.packlist", "usr/lib/m.pod", "usr/lib/only.a", "usr/lib/x.a", "usr/lib/x.la", "usr/lib/x.so",
        "usr/lib/y.a", "usr/lib/y.so", "usr/share/doc/sample/README", "usr/share/info/dir", "usr/share/info/x",
    ];

    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Theory]
    [InlineData("", "")]
    [InlineData("docs emptydirs libtool staticlibs !purge", "")]
    [InlineData("!docs", "opt/tool/doc/a usr/share/doc/sample/README")]
    [InlineData("!emptydirs", "opt/other usr/empty/deep")]
    [InlineData("!libtool", "usr/lib/x.la")]
    [InlineData("!staticlibs", "usr/lib/x.a usr/lib/y.a")]
    [InlineData("purge", "usr/lib/.packlist usr/lib/m.pod usr/share/info/dir")]
    [InlineData("!libtool libtool", "")]
    [InlineData("!docs !emptydirs", "opt/other opt/tool/doc/a usr/empty/deep usr/share/doc/sample/README")]
    public async Task Options_remove_what_makepkg_removes(string options, string removed)
    {
        workshop.Pkgbuild(Workshop.Head + $"options=({options})\n" + Package);

        await workshop.BuildAsync();

        Assert.Equal(All.Except(removed.Split(' ')), Leaves());
    }

    [Fact]
    public async Task A_package_function_has_options_of_its_own()
    {
        workshop.Pkgbuild(Workshop.Head + "options=(!libtool)\n" + Package.Replace("package() {", "package_sample() {\n options=(!staticlibs)\n", StringComparison.Ordinal));

        await workshop.BuildAsync();

        Assert.Equal(All.Except(["usr/lib/x.a", "usr/lib/y.a"]), Leaves());
    }

    [Fact]
    public async Task What_a_link_in_the_tree_leads_to_is_not_touched()
    {
        var outside = Path.Combine(workshop.Root, "outside");
        Directory.CreateDirectory(Path.Combine(outside, "share", "doc"));
        Directory.CreateDirectory(Path.Combine(outside, "empty"));
        await File.WriteAllTextAsync(Path.Combine(outside, "share", "doc", "file.la"), "", TestContext.Current.CancellationToken);
        workshop.Pkgbuild(Workshop.Head + $"options=(!docs !emptydirs !libtool !staticlibs purge)\npackage() {{ ln -s '{outside}' \"$pkgdir/usr\"; }}\n");

        await workshop.BuildAsync();

        Assert.True(File.Exists(Path.Combine(outside, "share", "doc", "file.la")));
        Assert.True(Directory.Exists(Path.Combine(outside, "empty")));
    }

    // Files, links and empty folders.
    private IEnumerable<string> Leaves()
    {
        var tree = Path.Combine(workshop.Output, "sample");
        return Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories)
            .Where(path => new FileInfo(path).LinkTarget is not null || File.Exists(path) || Directory.GetFileSystemEntries(path).Length == 0)
            .Select(path => Path.GetRelativePath(tree, path))
            .Order(StringComparer.Ordinal);
    }
}
