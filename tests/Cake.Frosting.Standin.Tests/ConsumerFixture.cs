using System.Globalization;
using System.Reflection;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Cake.Frosting.Standin.Tests;

/// <summary>Projects of a user, outside of the repository, that import the props: an application, a library of tasks, an addin.</summary>
public sealed class ConsumerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("standin-consumer-");

    /// <summary>Debug or Release, as these tests are built, so that the stand-in is not built again for them.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    public string Root => _directory.FullName;

    public async ValueTask InitializeAsync()
    {
        WriteProjects(Root);
        await DotnetAsync(Root, "build", "App", "--configuration", Configuration);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The output directory of a project.</summary>
    public static string Output(string root, string project) => Path.Combine(root, project, "bin", Configuration, "net10.0");

    /// <summary>Runs the application that was built under a root.</summary>
    public static Task<BufferedCommandResult> RunAppAsync(string root, params string[] arguments) =>
        RunAsync(root, ["exec", Path.Combine(Output(root, "App"), "App.dll"), .. arguments]);

    /// <summary>Runs the SDK; an exit code other than 0 fails the test with what was printed.</summary>
    public static async Task DotnetAsync(string directory, params string[] arguments)
    {
        var result = await RunAsync(directory, [.. arguments, "--nologo", "--verbosity", "quiet", "-p:UseSharedCompilation=false"]);
        Assert.True(result.ExitCode == 0, string.Create(CultureInfo.InvariantCulture, $"dotnet {string.Join(' ', arguments)}: exit code {result.ExitCode}\n{result.StandardOutput}{result.StandardError}"));
    }

    public static void WriteProjects(string root)
    {
        Write("Directory.Packages.props", """
            <Project>
              <PropertyGroup>
                <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              </PropertyGroup>
            </Project>
            """);
        Write("Directory.Build.props", """
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
                <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
                <RestoreLockedMode Condition="Exists('packages.lock.json')">true</RestoreLockedMode>
              </PropertyGroup>
            </Project>
            """);
        Write("Addin/Addin.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{Props("CakeCore.props")}" />
            </Project>
            """);
        Write("Addin/Aliases.cs", """
            using Cake.Core;
            using Cake.Core.Annotations;

            public static class Aliases
            {
                [CakeMethodAlias]
                public static string Greeting(this ICakeContext context) => "Hello from " + context.Environment.WorkingDirectory.GetDirectoryName();
            }
            """);
        Write("Library/Library.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{Props("CakeFrosting.props")}" />
            </Project>
            """);
        Write("Library/Greet.cs", """
            using Cake.Core.Diagnostics;
            using Cake.Frosting;

            [TaskName("greet")]
            public sealed class Greet : AsyncFrostingTask<FrostingContext>
            {
                public override async Task RunAsync(FrostingContext context)
                {
                    await Task.Yield();
                    context.Log.Information("greeting");
                }
            }
            """);
        Write("App/App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
              <Import Project="{Props("CakeFrosting.props")}" />
              <ItemGroup>
                <ProjectReference Include="../Addin/Addin.csproj" />
                <ProjectReference Include="../Library/Library.csproj" />
              </ItemGroup>
            </Project>
            """);
        Write("App/Program.cs", """
            using Cake.Common.IO;
            using Cake.Core;
            using Cake.Core.Diagnostics;
            using Cake.Frosting;

            return new CakeHost().AddAssembly(typeof(Greet).Assembly).Run(args);

            [TaskDescription("The whole build")]
            [IsDependentOn(typeof(Greet))]
            public sealed class Default : FrostingTask
            {
                public override void Run(ICakeContext context) => context.Log.Information(context.Greeting());
            }

            public sealed class Fail : FrostingTask
            {
                public override void Run(ICakeContext context) => throw new CakeException(context.DirectoryExists("/") ? "failed" : "no root");
            }
            """);

        void Write(string path, string text)
        {
            var file = new FileInfo(Path.Combine(root, path));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, text);
        }
    }

    private static async Task<BufferedCommandResult> RunAsync(string directory, string[] arguments)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        return await CliWrap.Cli.Wrap("dotnet")
            .WithArguments(arguments)
            .WithWorkingDirectory(directory)
            // A node that stays would keep the pipes open.
            .WithEnvironmentVariables(variables => variables.Set("MSBUILDDISABLENODEREUSE", "1"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(deadline.Token);
    }

    private static string Props(string file) => Path.Combine(Metadata("StandinDirectory"), file);

    private static string Metadata(string key) =>
        typeof(ConsumerFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
