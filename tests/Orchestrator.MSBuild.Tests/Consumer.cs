using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>A repository of somebody else that takes the package from a feed into a NuGet cache of its own.</summary>
internal sealed class Consumer : IDisposable
{
    private readonly TestDirectory directory = new();

    internal Consumer(params IEnumerable<string> feeds) => Write("nuget.config", $"""
        <configuration>
          <packageSources><clear />{string.Concat(feeds.Select((feed, index) => $"<add key=\"feed {index}\" value=\"{feed}\" />"))}</packageSources>
          <config><add key="globalPackagesFolder" value="{PackagesFolder}" /></config>
        </configuration>
        """);

    internal string PackagesFolder => Combine("packages cache");

    internal string Combine(string name) => directory.Combine(name);

    internal string Write(string name, string text) => directory.Write(name, text);

    /// <summary>A library that uses the package.</summary>
    internal string WriteLibrary(string name, string body, string version = "0.1.0")
    {
        Write($"{name}/Code.cs", "namespace Library; public class Code;\n");
        return Write($"{name}/{name}.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Orchestrator.MSBuild" Version="{version}" PrivateAssets="all" />
              </ItemGroup>
              {body}
            </Project>
            """);
    }

    /// <summary>Runs dotnet in it, to its end.</summary>
    internal async Task<(int ExitCode, string Text)> DotnetAsync(params IEnumerable<string> arguments) => await RunAsync(["dotnet", .. arguments]);

    internal async Task<(int ExitCode, string Text)> RunAsync(params IEnumerable<string> command)
    {
        using var job = Start(command);
        var exitCode = await job.ExitCodeAsync();
        return (exitCode, job.Text);
    }

    internal Job Start(params IEnumerable<string> command) => Job.Start("env", ["-C", directory.Path, .. command]);

    internal async Task<string> MustAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, text) = await DotnetAsync(arguments);
        return exitCode == 0 ? text : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: exit code {exitCode}\n{text}");
    }

    /// <summary>The errors in what was printed, each once.</summary>
    internal static IReadOnlyList<string> Errors(string text) =>
        [.. Regex.Matches(text, @"^.*: error .*$", RegexOptions.Multiline).Select(match => Regex.Replace(match.Value.Trim(), @" \[.*\]$", "")).Distinct(StringComparer.Ordinal)];

    public void Dispose() => directory.Dispose();
}
