using System.IO.Compression;

namespace Cake.Frosting.Standin.Tests;

/// <summary>A directory of packages with the names of Cake's, made of the assemblies that these tests run with.</summary>
internal static class LocalFeed
{
    /// <summary>Makes Cake.Core, Cake.Common and Cake.Frosting 7.0.0, and a nuget.config in the root that knows no other feed.</summary>
    /// <param name="root">Where the projects are that will use them.</param>
    public static void Create(string root)
    {
        var feed = Directory.CreateDirectory(Path.Combine(root, "feed")).FullName;
        Pack(feed, "Cake.Core", ["Cake.Core.dll"]);
        Pack(feed, "Cake.Common", ["Cake.Common.dll"]);
        Pack(feed, "Cake.Frosting", ["Cake.Frosting.dll", "Cake.Cli.dll", "Cake.NuGet.dll", "Cake.DotNetTool.Module.dll", "Spectre.*.dll", "Microsoft.Extensions.*.dll", "NuGet.*.dll", "Newtonsoft.*.dll"]);
        File.WriteAllText(Path.Combine(root, "nuget.config"), """
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="packages" />
              </config>
              <packageSources>
                <clear />
                <add key="feed" value="feed" />
              </packageSources>
            </configuration>
            """);
    }

    private static void Pack(string feed, string id, string[] patterns)
    {
        using var package = ZipFile.Open(Path.Combine(feed, $"{id}.7.0.0.nupkg"), ZipArchiveMode.Create);
        using (var manifest = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open()))
        {
            manifest.Write($"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{id}</id>
                    <version>7.0.0</version>
                    <authors>test</authors>
                    <description>test</description>
                    <dependencies>
                      <group targetFramework="net10.0" />
                    </dependencies>
                  </metadata>
                </package>
                """);
        }

        foreach (var file in patterns.SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern)))
        {
            package.CreateEntryFromFile(file, $"lib/net10.0/{Path.GetFileName(file)}");
        }
    }
}
