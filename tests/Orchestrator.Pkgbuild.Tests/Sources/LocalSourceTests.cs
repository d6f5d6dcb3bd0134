namespace Orchestrator.Pkgbuild.Tests;

public sealed class LocalSourceTests : IDisposable
{
    private readonly Workshop workshop = new();

    public void Dispose() => workshop.Dispose();

    [Fact]
    public async Task A_missing_local_source_is_one_clear_error_that_names_it()
    {
        workshop.Pkgbuild(Workshop.Head + "source=(no-such.patch)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.MissingFile, workshop.PkgbuildPath, 5), (error.ExitCode, error.File, error.Line));
        Assert.Equal(
            $"no-such.patch was not found in the build directory and is not a URL: there is no {workshop.StartDirectory}/no-such.patch", error.Message);
    }

    [Fact]
    public async Task A_folder_is_no_local_source()
    {
        Directory.CreateDirectory(Path.Combine(workshop.StartDirectory, "folder"));
        workshop.Pkgbuild(Workshop.Head + "source=(folder)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal(MakepkgExitCode.MissingFile, error.ExitCode);
        Assert.Contains("is a directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_URL_is_used_in_place()
    {
        Directory.CreateDirectory(Path.Combine(workshop.Root, "else where"));
        await File.WriteAllTextAsync(Path.Combine(workshop.Root, "else where", "data#1.txt"), "data", TestContext.Current.CancellationToken);
        workshop.Pkgbuild(Workshop.Head + $"source=('d::file://{workshop.Root}/else%20where/data#1.txt')\nsha256sums=(SKIP)\npackage() {{ cp d \"$pkgdir\"; }}\n");

        await workshop.BuildAsync();

        Assert.Equal("data", workshop.Installed("d"));
        Assert.Contains("  -> Found d", workshop.Lines);
    }

    [Theory]
    [InlineData("file:///no/such/file.txt")]
    [InlineData("file://relative/file.txt")]
    public async Task A_missing_file_URL_is_one_clear_error_that_names_the_path(string address)
    {
        workshop.Pkgbuild(Workshop.Head + $"source=({address})\nsha256sums=(SKIP)\npackage() {{ :; }}\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.MissingFile, 5), (error.ExitCode, error.Line));
        Assert.Contains($"Unable to find source file {address["file://".Length..]}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_protocol_is_one_clear_error_before_anything_is_fetched()
    {
        workshop.Pkgbuild(Workshop.Head + "source=(ftp://example.org/a)\nsha256sums=(SKIP)\npackage() { :; }\n");

        var error = await workshop.BuildBadAsync();

        Assert.Equal((MakepkgExitCode.PkgbuildError, 5), (error.ExitCode, error.Line));
        Assert.Empty(workshop.Lines);
    }
}
