using System.IO.Compression;
using System.Xml.Linq;
using Orchestrator.Testing;

namespace Orchestrator.Cake.Tests;

/// <summary>What is in the packages, beside what the other tests use.</summary>
public sealed class PackageTests(ScriptFolder folder) : IClassFixture<ScriptFolder>
{
    [Fact]
    public void The_addin_brings_all_but_Cake()
    {
        using var package = Open();
        var files = package.Entries.Select(entry => entry.FullName).ToList();
        var specification = XDocument.Load(package.GetEntry("Orchestrator.Cake.nuspec")!.Open()).Root!.Elements().Single();
        string Value(string name) => specification.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.Contains("cake-addin", Value("tags").Split(' '));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal(
            ["BouncyCastle.Cryptography.dll", "CliWrap.dll", "Orchestrator.Cake.dll", "Orchestrator.Pkgbuild.dll", "Orchestrator.Processes.dll"],
            files.Where(file => file.StartsWith("lib/net10.0/", StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Contains("lib/net10.0/Orchestrator.Cake.xml", files);
        Assert.Contains("orchestrator-supervise/managed/orchestrator-supervise.dll", files);
        Assert.DoesNotContain(files, file => Path.GetFileName(file).StartsWith("Cake.", StringComparison.Ordinal));
        Assert.Equal(["Tmds.LibC"], specification.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value));
    }

    [Fact]
    public void Every_alias_is_documented_with_an_example_and_has_a_category()
    {
        using var package = Open();
        var documentation = XDocument.Load(package.GetEntry("lib/net10.0/Orchestrator.Cake.xml")!.Open()).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        var aliases = typeof(ProcessGroupAliases).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes(inherit: false).Any(attribute => attribute is global::Cake.Core.Annotations.CakeAliasAttribute))
            .ToList();

        Assert.NotEmpty(aliases);
        foreach (var alias in aliases)
        {
            Assert.Contains(documentation, member => member.Key.StartsWith($"M:{alias.DeclaringType!.FullName}.{alias.Name}(", StringComparison.Ordinal) && member.Value.Element("example")?.Element("code") is not null);
            Assert.NotEmpty(alias.DeclaringType!.GetCustomAttributes(typeof(global::Cake.Core.Annotations.CakeAliasCategoryAttribute), inherit: false));
        }
    }

    private ZipArchive Open() => ZipFile.OpenRead(Directory.GetFiles(Path.Combine(folder.Path, "feed"), "Orchestrator.Cake.*.nupkg").Single());
}
