using System.Reflection;
using System.Text.RegularExpressions;
using Cake.Frosting.Standin.Tests;
using Orchestrator.Testing;

namespace Orchestrator.Frosting.Tests;

/// <summary>A Frosting host of somebody else, made from the packed packages in a folder of its own; built once for all tests.</summary>
public sealed class FrostingHost : IAsyncLifetime
{
    private readonly TestDirectory directory = new();

    public async ValueTask InitializeAsync()
    {
        LocalFeed.Create(directory.Path);
        await PackedFeed.CreateAsync(directory.Combine("feed"), "Orchestrator.Cake", "Orchestrator.Frosting");
        var packages = typeof(FrostingHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "NuGetPackageRoot").Value!;
        File.Copy(Path.Combine(packages, "tmds.libc", "0.5.0", "tmds.libc.0.5.0.nupkg"), directory.Combine("feed/tmds.libc.0.5.0.nupkg"));
        directory.Write("Host/Host.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Cake.Frosting" Version="7.0.0" />
                <PackageReference Include="Cake.Common" Version="7.0.0" />
                <PackageReference Include="Cake.Core" Version="7.0.0" />
                <PackageReference Include="Orchestrator.Frosting" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        directory.Write("Host/Program.cs", Program);
        using var build = Job.Start("env", "-C", directory.Combine("Host"), "dotnet", "build", "-v", "q", "-nologo", "-p:UseSharedCompilation=false");
        if (await build.ExitCodeAsync() != 0)
        {
            throw new InvalidOperationException(build.Text);
        }
    }

    public ValueTask DisposeAsync()
    {
        directory.Dispose();
        return ValueTask.CompletedTask;
    }

    internal string Feed => directory.Combine("feed");

    /// <summary>Starts it in a folder.</summary>
    internal Job Start(string folder, params IEnumerable<string> arguments) => Start(new Dictionary<string, string>(), folder, arguments);

    internal Job Start(IReadOnlyDictionary<string, string> environment, string folder, params IEnumerable<string> arguments) =>
        Job.Start(environment, "env", ["-C", folder, "dotnet", directory.Combine("Host/bin/Debug/net10.0/Host.dll"), .. arguments]);

    /// <summary>Runs it to its end: the exit code, and what it printed, without colours.</summary>
    internal async Task<(int ExitCode, string Text)> RunAsync(string folder, params IEnumerable<string> arguments)
    {
        using var job = Start(folder, arguments);
        var exitCode = await job.ExitCodeAsync();
        await job.UntilReadAsync();
        return (exitCode, Text(job));
    }

    internal static string Text(Job job) => Regex.Replace(job.Text, @"\x1b\[[0-9;]*m", "");

    private const string Program = """
        using Cake.Common;
        using Cake.Common.Diagnostics;
        using Cake.Core;
        using Cake.Core.IO;
        using Cake.Frosting;
        using Orchestrator.Cake;
        using Orchestrator.Frosting;

        return new CakeHost()
            .UseContext<HostContext>()
            .UseLifetime<HostLifetime>()
            .UsePkgbuilds("pkgbuilds", settings => settings.SkipMissingDependencies = true)
            .Run(args);

        public sealed class HostContext(ICakeContext context) : OrchestratorContext(context)
        {
            public string Mark => Arguments.GetArgument("mark");
        }

        public sealed class HostLifetime : OrchestratorLifetime<HostContext>
        {
            public override void Teardown(HostContext context, ITeardownContext info)
            {
                base.Teardown(context, info);
                if (context.Arguments.HasArgument("cleanup"))
                {
                    context.Information("CLEANED {0} {1}", context.StartProcess("bash", "-c \"exit 5\""), context.StartProcessGroup("bash", "-c \"exit 6\""));
                }

                context.Information("TEARDOWN successful={0} error={1}", info.Successful, info.ThrownException?.Message ?? "none");
            }
        }

        public abstract class BashTask : ProcessGroupTask<HostContext>
        {
            protected abstract string Script { get; }

            protected override FilePath GetProgram(HostContext context) => "bash";

            protected override ProcessGroupSettings GetSettings(HostContext context) =>
                new() { Arguments = new ProcessArgumentBuilder().Append("-c").AppendQuoted(Script.Replace("MARK", context.Mark)) };
        }

        [TaskName("Compile")]
        public sealed class CompileTask : BashTask
        {
            protected override string Script => "setsid sleep MARK & sleep MARK & echo READY; wait";
        }

        [TaskName("Test")]
        [IsDependentOn(typeof(CompileTask))]
        public sealed class TestTask : FrostingTask<HostContext>
        {
            public override void Run(HostContext context) => context.Information("TESTS RAN");
        }

        [TaskName("Default")]
        [IsDependentOn(typeof(TestTask))]
        public sealed class DefaultTask : FrostingTask<HostContext>;

        [TaskName("Failing")]
        public sealed class FailingTask : BashTask
        {
            protected override string Script => "exit 7";
        }

        [TaskName("Tolerant")]
        [ContinueOnError]
        public sealed class TolerantTask : BashTask
        {
            protected override string Script => "sleep MARK & echo READY; wait";
        }

        [TaskName("AfterTolerant")]
        [IsDependentOn(typeof(TolerantTask))]
        public sealed class AfterTolerantTask : FrostingTask<HostContext>
        {
            public override void Run(HostContext context) => context.Information("WENT ON");
        }

        [TaskName("CakesOwn")]
        public sealed class CakesOwnTask : FrostingTask<HostContext>
        {
            public override void Run(HostContext context) =>
                context.StartProcess("bash", new ProcessSettings { Arguments = $"-c \"setsid sleep {context.Mark} & sleep {context.Mark} & echo READY; wait\"" });
        }

        [TaskName("Token")]
        public sealed class TokenTask : AsyncFrostingTask<HostContext>
        {
            public override async Task RunAsync(HostContext context)
            {
                context.Information("READY");
                await Task.Delay(100_000, context.BuildCancellation);
            }
        }

        [TaskName("Mine")]
        public sealed class MineTask : PkgbuildTask<HostContext>
        {
            protected override FilePath GetPkgbuild(HostContext context) => "mine/PKGBUILD";
        }

        [TaskName("a")]
        public abstract class PackageA : FrostingTask;

        [TaskName("Deploy")]
        [IsDependentOn(typeof(PackageA))]
        public sealed class DeployTask : FrostingTask<HostContext>
        {
            public override void Run(HostContext context) => context.Information("DEPLOYED {0}", string.Join(",", context.Packages.Select(row => row.Name)));
        }

        [TaskName("All")]
        [IsDependentOn(typeof(AllPackages))]
        public sealed class AllTask : FrostingTask<HostContext>;
        """;
}
