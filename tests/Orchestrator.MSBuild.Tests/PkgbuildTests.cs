using System.Text.Json;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>PKGBUILDs as a part of a build.</summary>
public sealed class PkgbuildTests(PackedPackage package) : IDisposable
{
    private readonly Consumer consumer = new(package.Feed);
    private readonly Marker marker = new();

    [Fact]
    public async Task Packages_are_built_in_their_order_once_and_one_that_was_touched_again()
    {
        WritePackage("app", "makedepends=(lib)", "echo building app");
        var library = WritePackage("lib", "source=(lib.txt)\nsha256sums=(SKIP)", "echo building lib");
        consumer.Write("pkgbuilds/lib/lib.txt", "1\n");
        var project = WriteProject();

        var first = await consumer.MustAsync("build", project);
        Assert.True(first.IndexOf("building lib", StringComparison.Ordinal) < first.IndexOf("building app", StringComparison.Ordinal), first);
        Assert.Equal(["app", "lib"], Archives());

        Assert.DoesNotContain("building", await consumer.MustAsync("build", project), StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(consumer.Combine("pkgbuilds/lib/lib.txt"), DateTime.UtcNow.AddSeconds(2));
        var touched = await consumer.MustAsync("build", project);
        Assert.Contains("building lib", touched, StringComparison.Ordinal);
        Assert.DoesNotContain("building app", touched, StringComparison.Ordinal);

        await consumer.MustAsync("clean", project);
        Assert.False(Directory.Exists(Packages));
        Assert.True(File.Exists(library));
    }

    [Fact]
    public async Task The_archives_are_items_for_other_targets_and_for_getItem()
    {
        WritePackage("one", "", "echo building one");
        var project = WriteProject("""<Target Name="Show" DependsOnTargets="BuildPkgbuilds"><Message Importance="high" Text="archive: %(PkgbuildArchive.PackageName) %(PkgbuildArchive.PackageVersion)" /></Target>""");
        await consumer.MustAsync("restore", project);
        Assert.Contains("archive: one 1-1", await consumer.MustAsync("msbuild", project, "-nologo", "-t:Show"), StringComparison.Ordinal);

        using var items = JsonDocument.Parse(await consumer.MustAsync("msbuild", project, "-t:BuildPkgbuilds", "-getItem:PkgbuildArchive"));
        var archive = items.RootElement.GetProperty("Items").GetProperty("PkgbuildArchive").EnumerateArray().Single();
        Assert.True(File.Exists(archive.GetProperty("FullPath").GetString()));
        Assert.Equal("true", archive.GetProperty("IsUpToDate").GetString());
        Assert.True(Directory.Exists(archive.GetProperty("Tree").GetString()));
    }

    [Fact]
    public async Task What_a_PKGBUILD_says_can_be_read()
    {
        WritePackage("app", "makedepends=(lib)\npkgdesc='100% of it'", ":");
        WritePackage("lib", "license=(MIT Apache-2.0)", ":");
        var project = WriteProject("""
            <Target Name="Show">
              <ReadPkgbuild Pkgbuilds="@(Pkgbuild)"><Output TaskParameter="Packages" ItemName="Package" /></ReadPkgbuild>
              <Message Importance="high" Text="package: %(Package.pkgbase) %(Package.FullVersion) [%(Package.license)] (%(Package.pkgdesc))" />
            </Target>
            """);
        await consumer.MustAsync("restore", project);
        var lines = (await consumer.MustAsync("msbuild", project, "-nologo", "-t:Show")).Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("package:", StringComparison.Ordinal));
        Assert.Equal(["package: lib 1-1 [MIT;Apache-2.0] ()", "package: app 1-1 [] (100% of it)"], lines);
    }

    [Fact]
    public async Task What_is_wrong_is_one_error_at_its_line_and_column()
    {
        var path = WritePackage("bad", "source=(missing.txt)\nsha256sums=(SKIP SKIP)", ":");
        var (exitCode, text) = await consumer.DotnetAsync("build", WriteProject());

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"{path}(8,1): error ORC0015:", Assert.Single(Consumer.Errors(text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_fails_is_one_error_and_the_others_are_built()
    {
        WritePackage("bad", "", "false");
        WritePackage("good", "", "echo building good");
        var (exitCode, text) = await consumer.DotnetAsync("build", WriteProject());

        Assert.Equal(1, exitCode);
        Assert.Contains("A failure occurred in build().", Assert.Single(Consumer.Errors(text)), StringComparison.Ordinal);
        Assert.Equal(["good"], Archives());
    }

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Term)]
    [InlineData(Signal.Hup)]
    [InlineData(Signal.Kill)]
    public async Task A_build_that_is_aborted_leaves_nothing(int signal)
    {
        WritePackage("slow", "", $"setsid sleep {marker.Seconds} & echo READY; sleep {marker.Seconds}");
        var project = WriteProject();
        await consumer.MustAsync("restore", project);
        using var job = consumer.Start("dotnet", "build", "--no-restore", project);
        job.WaitForLine("READY");
        await marker.UntilAliveAsync(2);
        job.Abort(signal, group: false);

        var exitCode = await job.ExitCodeAsync();

        Assert.Equal(signal == Signal.Int ? 1 : 128 + signal, exitCode);
        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(10)));
        Assert.Empty(marker.Alive());
        Assert.Empty(Archives());
        if (signal != Signal.Kill)
        {
            Assert.EndsWith("error ORC0011: Build cancelled by user", Assert.Single(Consumer.Errors(job.Text)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("worker node", Signal.Int)]
    [InlineData("worker node", Signal.Term)]
    [InlineData("multi-threaded", Signal.Int)]
    [InlineData("multi-threaded", Signal.Term)]
    public async Task A_build_that_is_aborted_outside_of_the_process_that_was_started_leaves_nothing(string shapeName, int signal)
    {
        var shape = BuildShape.Find(shapeName);
        WritePackage("slow", "", $"setsid sleep {marker.Seconds} & echo READY; sleep {marker.Seconds}");
        var project = WriteProject();
        await consumer.MustAsync("restore", project);
        using var job = consumer.Start(
            [.. shape.Environment.Select(variable => $"{variable.Key}={variable.Value}"), "dotnet", .. shape.Arguments.Take(1), project, "-p:RestoreOnBuild=false", .. shape.Arguments.Skip(1)]);
        job.WaitForLine("READY");
        await marker.UntilAliveAsync(2);
        job.Abort(signal, group: false);

        var exitCode = await job.ExitCodeAsync();

        Assert.Empty(await job.LeftAfterAsync(TimeSpan.FromSeconds(10)));
        Assert.Empty(marker.Alive());
        Assert.Empty(Archives());
        if (signal == Signal.Int) // the dotnet CLI makes 0 of SIGTERM, and prints nothing
        {
            Assert.Equal(1, exitCode);
            Assert.EndsWith("error ORC0011: Build cancelled by user", Assert.Single(Consumer.Errors(job.Text)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("mount --bind \"$0\" \"$0\"")]
    [InlineData("mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"")]
    public async Task A_package_that_cannot_be_removed_is_one_error_and_can_be_removed_later(string obstacle)
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "this machine lets nobody mount");
        WritePackage("one", "", ":");
        var project = WriteProject();
        await consumer.MustAsync("build", project);
        var tree = Directory.GetDirectories(Packages).Single(folder => Path.GetFileName(folder) != ".orchestrator");

        var (exitCode, text) = await consumer.RunAsync([.. Sandbox.Mounting(obstacle.Replace("$0", tree, StringComparison.Ordinal)), "dotnet", "clean", project, "-v:m"]);

        Assert.Equal(1, exitCode);
        var error = Assert.Single(Consumer.Errors(text));
        Assert.Contains("Orchestrator.MSBuild.targets(", error, StringComparison.Ordinal);
        Assert.Contains(": error ORC0020: ", error, StringComparison.Ordinal);
        Assert.Contains(tree, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);

        await consumer.MustAsync("clean", project);
        Assert.False(Directory.Exists(Packages));
    }

    public void Dispose()
    {
        marker.KillAll();
        consumer.Dispose();
    }

    private string Packages => consumer.Combine("Project/bin/Debug/net10.0/packages");

    private List<string> Archives() => Directory.Exists(Packages)
        ? [.. Directory.GetFiles(Packages, "*.pkg.tar.*").Select(path => Path.GetFileName(path).Split('-')[0]).Order(StringComparer.Ordinal)]
        : [];

    private string WriteProject(string body = "") =>
        consumer.WriteLibrary("Project", """<ItemGroup><Pkgbuild Include="../pkgbuilds/*/PKGBUILD" /></ItemGroup>""" + body);

    private string WritePackage(string name, string fields, string build) => consumer.Write($"pkgbuilds/{name}/PKGBUILD", $$"""
        pkgname={{name}}
        pkgver=1
        pkgrel=1
        arch=(any)

        # What differs:
        {{fields}}
        build() {
          {{build}}
        }
        package() {
          echo {{name}} >"$pkgdir/{{name}}"
        }

        """);
}
