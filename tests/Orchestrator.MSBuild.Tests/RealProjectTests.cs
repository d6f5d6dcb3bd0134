using System.Reflection;

namespace Orchestrator.MSBuild.Tests;

/// <summary>Builds that nobody aborts, of the kinds of project that people have.</summary>
public sealed class RealProjectTests(PackedPackage package) : IDisposable
{
    private const string Generate = """
        <Target Name="Generate" BeforeTargets="BeforeBuild">
          <ExecInProcessGroup Command="mkdir -p $(IntermediateOutputPath); echo made by $(MSBuildProjectName) >$(IntermediateOutputPath)made.txt; echo generated" />
          <ItemGroup>
            <None Include="$(IntermediateOutputPath)made.txt" Link="made.txt" CopyToOutputDirectory="PreserveNewest" CopyToPublishDirectory="PreserveNewest" />
          </ItemGroup>
        </Target>
        """;

    private readonly Consumer consumer = new(package.Feed);

    [Fact]
    public async Task Dotnet_publish_publishes_what_the_command_made()
    {
        var project = consumer.WriteLibrary("App", Generate + """<Target Name="Sign" AfterTargets="Publish"><ExecInProcessGroup Command="cd '$(PublishDir)' &amp;&amp; sha256sum *.dll made.txt >sums" /></Target>""");

        var text = await consumer.MustAsync("publish", project, "-o", consumer.Combine("published"));

        Assert.Contains("generated", text, StringComparison.Ordinal);
        Assert.Equal("made by App\n", await File.ReadAllTextAsync(consumer.Combine("published/made.txt"), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await File.ReadAllLinesAsync(consumer.Combine("published/sums"), TestContext.Current.CancellationToken)).Length);
        Assert.DoesNotContain(Directory.GetFiles(consumer.Combine("published")), file => file.Contains("Orchestrator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dotnet_test_finds_what_the_command_made()
    {
        // The packages that these tests run with, as a feed.
        using var tested = new Consumer(package.Feed, Metadata("NuGetPackageRoot"));
        tested.Write("global.json", """{ "test": { "runner": "Microsoft.Testing.Platform" } }""");
        tested.Write("Tests/ATest.cs", """
            public class ATest
            {
                [Xunit.Fact]
                public void It_is_there() => Xunit.Assert.Equal("made by Tests", System.IO.File.ReadAllText(System.IO.Path.Combine(System.AppContext.BaseDirectory, "made.txt")).Trim());
            }
            """);
        var project = tested.WriteLibrary("Tests", $"""
            <PropertyGroup>
              <OutputType>Exe</OutputType>
              <UseMicrosoftTestingPlatformRunner>true</UseMicrosoftTestingPlatformRunner>
            </PropertyGroup>
            <ItemGroup>
              <PackageReference Include="xunit.v3" Version="{Metadata("XunitVersion")}" />
            </ItemGroup>
            {Generate}
            """);

        var text = await tested.MustAsync("test", "--project", project);

        Assert.Contains("succeeded: 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-m:2")]
    [InlineData("-m:2", "-mt")]
    public async Task Projects_that_are_built_at_once_have_each_their_folder_and_their_environment(params string[] arguments)
    {
        foreach (var name in (string[])["one", "two"])
        {
            // Both projects' commands have started before one ends.
            consumer.Write($"{name}/{name}.proj", $"""
                <Project>
                  <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
                  <Target Name="Build">
                    <ExecInProcessGroup Command="echo $NAME >here; until [ -e ../one/here ] &amp;&amp; [ -e ../two/here ]; do sleep 0.02; done; ls -d work" EnvironmentVariables="NAME={name}" WorkDirectory="work" RemoveWorkDirectory="always" />
                    <ExecInProcessGroup Command="pwd >there" WorkingDirectory="sub" />
                  </Target>
                </Project>
                """);
            Directory.CreateDirectory(consumer.Combine($"{name}/sub"));
        }

        var all = consumer.Write("all.proj", """<Project><Target Name="Build"><MSBuild Projects="one/one.proj;two/two.proj" BuildInParallel="true" /></Target></Project>""");
        await consumer.MustAsync(["msbuild", all, "-nologo", .. arguments]);

        foreach (var name in (string[])["one", "two"])
        {
            Assert.Equal($"{name}\n", await File.ReadAllTextAsync(consumer.Combine($"{name}/here"), TestContext.Current.CancellationToken));
            Assert.Equal($"{consumer.Combine(name)}/sub\n", await File.ReadAllTextAsync(consumer.Combine($"{name}/sub/there"), TestContext.Current.CancellationToken));
            Assert.False(Directory.Exists(consumer.Combine($"{name}/work")));
        }
    }

    private static string Metadata(string key) =>
        typeof(RealProjectTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value!;

    public void Dispose() => consumer.Dispose();
}
