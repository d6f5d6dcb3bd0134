using System.Runtime.CompilerServices;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The packages that come with the repository.</summary>
public static class SampleFolders
{
    /// <summary>Names of the folders in <c>pkgbuilds/</c>.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Root(), "PKGBUILD", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root(), Path.GetDirectoryName(file)!))];

    /// <summary>Full path of one of them.</summary>
    public static string PathOf(string name) => Path.Combine(Root(), name);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../../pkgbuilds"));
}
