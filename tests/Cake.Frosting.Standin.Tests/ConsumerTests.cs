using System.IO.Compression;
using System.Text.Json;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

public sealed class ConsumerTests(ConsumerFixture consumer) : IClassFixture<ConsumerFixture>
{
    private static readonly string[] Projects = ["Addin", "App", "Library"];

    [Fact]
    public void An_application_carries_Cake_and_a_library_does_not()
    {
        var application = FilesOf("App");
        Assert.Superset(new HashSet<string> { "Cake.Core.dll", "Cake.Common.dll", "Cake.Cli.dll", "Cake.Frosting.dll", "Spectre.Console.dll" }, application);
        Assert.DoesNotContain("Cake.Core.xml", application);
        Assert.DoesNotContain(FilesOf("Library"), file => file.StartsWith("Cake.", StringComparison.Ordinal));
        Assert.DoesNotContain(FilesOf("Addin"), file => file.StartsWith("Cake.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_public_tasks_of_the_program_and_of_an_added_assembly_are_found()
    {
        var run = await ConsumerFixture.RunAppAsync(consumer.Root);

        Assert.True(run.IsSuccess, run.StandardError);
        var first = run.StandardOutput.IndexOf("greeting", StringComparison.Ordinal);
        var second = run.StandardOutput.IndexOf("Hello from ", StringComparison.Ordinal);
        Assert.InRange(first, 0, second);
    }

    [Theory]
    [InlineData(0, "", "--target=greet")]
    [InlineData(1, "failed", "--target=Fail")]
    [InlineData(1, "The target 'Nope' was not found.", "--target=Nope")]
    public async Task A_build_tells_the_shell_how_it_ended_and_standard_error_why(int exitCode, string error, string argument)
    {
        var run = await ConsumerFixture.RunAppAsync(consumer.Root, argument);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(error.Length == 0, run.StandardError.Length == 0);
        Assert.Contains(error, run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_make_no_sense_end_with_255()
    {
        var run = await ConsumerFixture.RunAppAsync(consumer.Root, "--verbosity=loud");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("'loud'", run.StandardOutput, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "--exclusive")]
    [InlineData("--version", "")]
    [InlineData("--info", "Version:")]
    public async Task Help_version_and_information_run_no_task(string argument, string output)
    {
        var run = await ConsumerFixture.RunAppAsync(consumer.Root, argument);

        Assert.True(run.IsSuccess, run.StandardError);
        Assert.NotEmpty(run.StandardOutput.Trim());
        Assert.Contains(output, run.StandardOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("greeting", run.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_of_a_library_depends_on_no_Cake()
    {
        await ConsumerFixture.DotnetAsync(consumer.Root, "pack", "Library", "--no-build", "--configuration", ConsumerFixture.Configuration, "--output", consumer.Root);

        using var package = await ZipFile.OpenReadAsync(Path.Combine(consumer.Root, "Library.1.0.0.nupkg"), TestContext.Current.CancellationToken);
        using var manifest = new StreamReader(package.GetEntry("Library.nuspec")!.Open());
        Assert.DoesNotContain("Cake", await manifest.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain(package.Entries, entry => entry.Name.StartsWith("Cake.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_property_takes_the_package_instead()
    {
        // The package cannot be had everywhere, so this one is made here: what is tested is how it is referred to.
        var root = Directory.CreateDirectory(Path.Combine(consumer.Root, "with-package")).FullName;
        ConsumerFixture.WriteProjects(root);
        LocalFeed.Create(root);
        var locks = Projects.ToDictionary(
            project => Path.Combine(root, project, "packages.lock.json"),
            project => File.ReadAllText(Path.Combine(consumer.Root, project, "packages.lock.json")));
        foreach (var (path, text) in locks)
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        await ConsumerFixture.DotnetAsync(root, "build", "App", "--configuration", ConsumerFixture.Configuration, "-p:CakeFrostingVersion=7.0.0");

        var run = await ConsumerFixture.RunAppAsync(root);
        Assert.True(run.IsSuccess, run.StandardError);
        using var dependencies = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(ConsumerFixture.Output(root, "App"), "App.deps.json"), TestContext.Current.CancellationToken));
        var libraries = dependencies.RootElement.GetProperty("libraries").EnumerateObject().ToDictionary(library => library.Name, library => library.Value.GetProperty("type").GetString());
        Assert.Equal("package", libraries["Cake.Frosting/7.0.0"]);
        Assert.Equal("package", libraries["Cake.Core/7.0.0"]);
        Assert.DoesNotContain(libraries.Keys, name => name.Contains("Standin", StringComparison.Ordinal));
        Assert.All(locks, committed => Assert.Equal(committed.Value, File.ReadAllText(committed.Key)));
    }

    private HashSet<string> FilesOf(string project) =>
        [.. Directory.EnumerateFiles(ConsumerFixture.Output(consumer.Root, project)).Select(file => Path.GetFileName(file))];
}
