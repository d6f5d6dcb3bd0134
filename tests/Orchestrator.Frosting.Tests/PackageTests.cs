using System.IO.Compression;
using System.Xml.Linq;
using Orchestrator.Testing;

namespace Orchestrator.Frosting.Tests;

/// <summary>Packages as tasks.</summary>
public sealed class PackageTests(FrostingHost host) : IClassFixture<FrostingHost>, IDisposable
{
    private readonly TestDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_package_depends_on_the_addin_and_not_on_Cake()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(host.Feed, "Orchestrator.Frosting.*.nupkg").Single());
        var specification = XDocument.Load(package.GetEntry("Orchestrator.Frosting.nuspec")!.Open());

        Assert.Equal(["Orchestrator.Cake", "Tmds.LibC"], specification.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value));
        Assert.Contains("cake-addin", specification.Descendants().Single(element => element.Name.LocalName == "tags").Value.Split(' '));
        Assert.NotNull(package.GetEntry("icon.png"));
        Assert.NotNull(package.GetEntry("README.md"));
    }

    [Fact]
    public async Task The_tree_shows_what_needs_what()
    {
        WriteAB();

        var (exitCode, text) = await host.RunAsync(folder.Path, "--tree", "--target=All");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"(?s)All\n.*Packages\n.*a\n.*b\n", text);
    }

    [Fact]
    public async Task A_dry_run_goes_in_order_and_builds_nothing()
    {
        WriteAB();

        var (exitCode, text) = await host.RunAsync(folder.Path, "--dryrun", "--target=a");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"(?s)1\. b.*2\. a", text);
        Assert.DoesNotContain("==> Building", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_names_packages_and_versions()
    {
        WriteAB();

        var (exitCode, text) = await host.RunAsync(folder.Path, "--description");

        Assert.Equal(0, exitCode);
        Assert.Matches(@"a +Builds a 1-1", text);
    }

    [Theory]
    [InlineData("--target=a", "b a")]
    [InlineData("--target=b", "b")]
    [InlineData("--target=Packages", "b a")]
    [InlineData("--target=All", "b a")]
    [InlineData("--target=a --exclusive", "a")]
    [InlineData("--target=Deploy", "b a")]
    [InlineData("--target=Packages --package=b", "b")]
    public async Task A_target_builds_what_it_needs_in_order(string arguments, string packages)
    {
        WriteAB();

        var (exitCode, text) = await host.RunAsync(folder.Path, arguments.Split(' '));

        Assert.Equal(0, exitCode);
        Assert.Equal(packages, string.Join(' ', text.Split('\n').Where(line => line.StartsWith("==> Finished making: ", StringComparison.Ordinal)).Select(line => line.Split(' ')[3])));
        if (arguments.Contains("Deploy", StringComparison.Ordinal))
        {
            Assert.Contains("DEPLOYED b,a", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_up_to_date_is_passed_over_unless_it_is_forced()
    {
        WriteAB();
        string[] arguments = ["--target=b", "--output=packages"];

        Assert.Contains("==> Finished making: b", (await host.RunAsync(folder.Path, arguments)).Text, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.Combine("packages")));
        Assert.Contains("b 1-1 is up to date", (await host.RunAsync(folder.Path, arguments)).Text, StringComparison.Ordinal);
        Assert.Contains("==> Finished making: b", (await host.RunAsync(folder.Path, [.. arguments, "--force"])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_packages_that_can_be_built_are_built_and_the_failed_ones_are_named()
    {
        WritePackage("a", "depends=(bad)");
        WritePackage("bad", "build() { false; }");
        WritePackage("good");
        folder.Write("pkgbuilds/unreadable/PKGBUILD", "pkgname=(\n");
        WritePackage("wants", "makedepends=(no-such-tool-anywhere)");

        var (exitCode, text) = await host.RunAsync(folder.Path, "--target=Packages");

        Assert.Equal(1, exitCode);
        Assert.Contains("==> Finished making: good", text, StringComparison.Ordinal);
        Assert.Contains("==> Skipping a 1-1: bad, which it needs, was not built", text, StringComparison.Ordinal);
        Assert.Contains("==> Skipping wants 1-1: missing: no-such-tool-anywhere", text, StringComparison.Ordinal);
        Assert.Contains("Error: 2 of 5 packages failed: bad, unreadable", text, StringComparison.Ordinal);
        Assert.Matches(@"│ good +│ 1-1 +│ built", text);
    }

    [Theory]
    [InlineData("bad", "A failure occurred in build()")]
    [InlineData("a", "A failure occurred in build()")]
    [InlineData("unreadable", "unreadable/PKGBUILD(")]
    [InlineData("wants", "wants was not built: missing: no-such-tool-anywhere")]
    [InlineData("Nothing", "The target 'Nothing' was not found.")]
    public async Task A_target_that_cannot_be_built_is_one_error(string target, string message)
    {
        WritePackage("a", "depends=(bad)");
        WritePackage("bad", "build() { false; }");
        folder.Write("pkgbuilds/unreadable/PKGBUILD", "pkgname=(\n");
        WritePackage("wants", "makedepends=(no-such-tool-anywhere)");

        var (exitCode, text) = await host.RunAsync(folder.Path, $"--target={target}");

        Assert.Equal(1, exitCode);
        Assert.Contains(message, Assert.Single(text.Split('\n'), line => line.StartsWith("Error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packages_in_a_circle_are_one_error_that_names_them()
    {
        WritePackage("a", "depends=(b)");
        WritePackage("b", "makedepends=(a)");

        await ExpectAsync("packages need each other in a circle: a needs b (depends), b needs a (makedepends)");
    }

    [Fact]
    public async Task Two_packages_of_one_name_are_one_error_that_names_both()
    {
        WritePackage("a");
        WritePackage("b", "pkgname=a");

        await ExpectAsync("'a' is also the name of a package of");
    }

    [Fact]
    public async Task So_are_two_whose_names_Cake_takes_for_one()
    {
        WritePackage("a");
        WritePackage("b", "pkgbase=A");

        await ExpectAsync("is also the name of the package in");
    }

    [Fact]
    public async Task A_package_with_the_name_of_a_task_of_the_host_is_one_error()
    {
        WritePackage("default");
        await ExpectAsync("Another task with the name 'Default' has already been added");
        Directory.Delete(folder.Combine("pkgbuilds/default"), recursive: true);
        WritePackage("packages");
        await ExpectAsync("a package cannot be called packages");
    }

    [Fact]
    public async Task No_package_at_all_is_one_error()
    {
        Directory.CreateDirectory(folder.Combine("pkgbuilds"));
        await ExpectAsync("no PKGBUILD in");
        WritePackage("a");
        var (exitCode, text) = await host.RunAsync(folder.Path, "--package=b");
        Assert.Equal(1, exitCode);
        Assert.Contains("no package 'b'", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_can_build_a_PKGBUILD_of_its_own()
    {
        WriteAB();
        folder.Write("mine/PKGBUILD", "pkgname=mine\npkgver=1\npkgrel=1\narch=(any)\npackage() { :; }\n");

        var (exitCode, text) = await host.RunAsync(folder.Path, "--target=Mine");

        Assert.Equal(0, exitCode);
        Assert.Contains("==> Finished making: mine", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fails_is_one_error()
    {
        WriteAB();

        var (exitCode, text) = await host.RunAsync(folder.Path, "--target=Failing");

        Assert.Equal(1, exitCode);
        Assert.Contains("Error: bash failed with exit code 7", text, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string message)
    {
        var (exitCode, text) = await host.RunAsync(folder.Path, "--target=Token");
        Assert.Equal(1, exitCode);
        Assert.Contains(message, Assert.Single(text.Split('\n'), line => line.StartsWith("Error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    private void WriteAB()
    {
        WritePackage("a", "depends=(b)");
        WritePackage("b");
    }

    private void WritePackage(string name, string more = "") =>
        folder.Write($"pkgbuilds/{name}/PKGBUILD", $"pkgname={name}\npkgver=1\npkgrel=1\narch=(any)\n{more}\npackage() {{ :; }}\n");
}
