using Orchestrator.Testing;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The packages that come with the repository.</summary>
public static class SampleFolders
{
    /// <summary>Names of the folders in <c>pkgbuilds/</c>.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Root(), "PKGBUILD", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root(), Path.GetDirectoryName(file)!))];

    /// <summary>Full path of one of them.</summary>
    public static string PathOf(string name) => Path.Combine(Root(), name);

    private static string Root() => Path.Combine(Repository.Root, "pkgbuilds");
}
