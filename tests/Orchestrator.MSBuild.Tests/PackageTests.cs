using System.IO.Compression;
using System.Text.Json;
using System.Xml.Linq;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>The package in the hands of other repositories, under a path with a space and a letter that is not ASCII.</summary>
public sealed class PackageTests(PackedPackage package) : IDisposable
{
    private const string Hello = """<Target Name="Hello" AfterTargets="Build"><ExecInProcessGroup Command="echo hello from $(MSBuildProjectName)" /></Target>""";
    private readonly Consumer consumer = new(package.Feed);

    [Fact]
    public async Task One_line_adds_the_task_and_nothing_gets_into_what_is_built()
    {
        var project = consumer.WriteLibrary("Library", Hello);
        var text = await consumer.MustAsync("pack", project, "-o", consumer.Combine("out"));

        Assert.Contains("hello from Library", text, StringComparison.Ordinal);
        Assert.Equal(["Library.dll"], Directory.GetFiles(consumer.Combine("Library/bin/Release/net10.0"), "*.dll").Select(Path.GetFileName));
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(consumer.Combine("Library/obj/project.assets.json"), TestContext.Current.CancellationToken));
        Assert.Equal(["Orchestrator.MSBuild/0.1.0"], assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name));
        using var packed = await ZipFile.OpenReadAsync(Directory.GetFiles(consumer.Combine("out")).Single(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Orchestrator", Text(packed, "Library.nuspec"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_all_that_a_package_should_have()
    {
        using var packed = await ZipFile.OpenReadAsync(package.File, TestContext.Current.CancellationToken);
        var names = packed.Entries.Select(entry => entry.FullName).ToList();
        var nuspec = XDocument.Parse(Text(packed, "Orchestrator.MSBuild.nuspec")).Root!.Elements().Single();
        string? Value(string name) => nuspec.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal("true", Value("developmentDependency"));
        Assert.Null(Value("dependencies"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Contains("icon.png", names);
        Assert.Contains("README.md", names);
        Assert.Contains("tools/net10.0/Orchestrator.MSBuild.dll", names);
        Assert.Contains("tools/net10.0/orchestrator-supervise/managed/orchestrator-supervise.dll", names);
        Assert.Equal(Supervise.HasNative, names.Contains("tools/net10.0/orchestrator-supervise/linux-x64/orchestrator-supervise"));
        foreach (var extension in (string[])["props", "targets"])
        {
            Assert.Contains($"build/Orchestrator.MSBuild.{extension}", names);
            Assert.Contains($"buildTransitive/Orchestrator.MSBuild.{extension}", names);
        }

        Assert.DoesNotContain(names, name => name.StartsWith("lib/", StringComparison.Ordinal) || name.Contains("Microsoft.Build", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_projects_build_at_once_and_with_two_versions_of_it()
    {
        await PackedPackage.PackAsync(consumer.Combine("feed 2"), "--no-build", "-c", PackedPackage.Configuration, "-p:PackageVersion=0.2.0");
        File.Copy(package.File, Path.Combine(consumer.Combine("feed 2"), Path.GetFileName(package.File)));
        using var both = new Consumer(consumer.Combine("feed 2"));
        string[] projects = [both.WriteLibrary("First", Hello), both.WriteLibrary("Second", Hello, "0.2.0")];
        var all = both.Write("all.proj", $"""
            <Project>
              <Target Name="Build"><MSBuild Projects="{string.Join(';', projects)}" BuildInParallel="true" /></Target>
              <Target Name="Restore"><MSBuild Projects="{string.Join(';', projects)}" Targets="Restore" /></Target>
            </Project>
            """);
        await both.MustAsync("msbuild", all, "-nologo", "-t:Restore");
        foreach (var nodes in (string[])["-m:1", "-m:2"])
        {
            var text = await both.MustAsync("msbuild", all, "-nologo", nodes);
            Assert.Contains("hello from First", text, StringComparison.Ordinal);
            Assert.Contains("hello from Second", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_works_from_a_packages_folder_that_cannot_be_written()
    {
        Assert.SkipUnless(await Shell.CanMountAsync(), "this machine lets nobody mount");
        var project = consumer.WriteLibrary("Library", Hello);
        await consumer.MustAsync("restore", project);
        var (exitCode, text) = await consumer.RunAsync(
            [.. Sandbox.Mounting($"mount --bind '{consumer.PackagesFolder}' '{consumer.PackagesFolder}' && mount -o remount,ro,bind '{consumer.PackagesFolder}'"), "dotnet", "build", "--no-restore", project]);

        Assert.True(exitCode == 0, text);
        Assert.Contains("hello from Library", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_supervisor_that_may_not_be_run_is_replaced_by_the_managed_one()
    {
        var project = consumer.WriteLibrary("Library", Hello.Replace("echo hello", "cat /proc/$PPID/cmdline; echo hello", StringComparison.Ordinal));
        await consumer.MustAsync("restore", project);
        var native = Path.Combine(consumer.PackagesFolder, "orchestrator.msbuild/0.1.0/tools/net10.0/orchestrator-supervise/linux-x64/orchestrator-supervise");
        Assert.SkipUnless(File.Exists(native), "there is no native supervisor");
        await Shell.MustAsync("test -x \"$1\" && chmod a-x \"$1\"", native);

        Assert.Contains("orchestrator-supervise.dll", await consumer.MustAsync("build", "--no-restore", project), StringComparison.Ordinal);
    }

    public void Dispose() => consumer.Dispose();

    private static string Text(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }
}
