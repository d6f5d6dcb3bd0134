using System.Xml.Linq;
using Orchestrator.Testing;

namespace Orchestrator.Windows.Tests;

/// <summary>One run of the program with the tests of Windows.</summary>
internal static class WineRun
{
    private const string Program = "Orchestrator.Windows.Behaviour";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8); // on a busy machine; it takes two
    private static readonly Lazy<IReadOnlyList<WineResult>> Found = new(Run);

    /// <summary>What it found; the first call runs it.</summary>
    internal static IReadOnlyList<WineResult> Results => Found.Value;

    private static IReadOnlyList<WineResult> Run()
    {
        string[] missing = [.. ((string[])["wine", "wineserver", "x86_64-w64-mingw32-gcc"]).Where(tool => !Repository.HasTool(tool))];
        if (missing.Length > 0)
        {
            return [new("all tests of Windows", Skipped: $"not installed: {string.Join(", ", missing)}")];
        }

        using var wine = WinePrefix.Create();
        var tree = Path.Combine(wine.Folder, "tree.exe");
        wine.Run("x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-municode", "-s", "-o", tree, Path.Combine(Repository.Root, "tests", Program, "tree.c"), "-lshell32");
        var bash = Directory.CreateDirectory(Path.Combine(wine.Folder, "msys")).FullName;
        wine.Run("x86_64-w64-mingw32-gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-municode", "-s", "-o", Path.Combine(bash, "bash.exe"), Path.Combine(Repository.Root, "tests", Program, "bash.c"), "-lws2_32");
        File.Copy(Path.Combine(Repository.Root, "tests", Program, "bash-view.sh"), Path.Combine(bash, "bash-view.sh"));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var report = Path.Combine(wine.Folder, "report.xml");
        var (_, output) = wine.Start(
            Deadline,
            new Dictionary<string, string>
            {
                ["ORCHESTRATOR_TEST_TREE"] = WinePrefix.PathOf(tree),
                ["ORCHESTRATOR_TEST_NO_BASH"] = wine.HasNamespaces ? "" : "the bash that stands in for that of MSYS2 needs user namespaces",
                ["WINEPATH"] = WinePrefix.PathOf(bash), // goes before wine's own PATH
            },
            "wine",
            [
                Path.Combine(Repository.Root, "artifacts", "bin", Program, configuration + "_win-x64", Program + ".exe"),
                "--results-directory", WinePrefix.PathOf(wine.Folder), "--report-xunit-xml", "--report-xunit-xml-filename", "report.xml",
            ]);
        return File.Exists(report) ? [.. Read(report)] : [new("all tests of Windows", Failure: $"they did not come to an end:\n{output}")];
    }

    // The form of xunit's own reports, version 2 and later.
    private static IEnumerable<WineResult> Read(string report) =>
        from test in XDocument.Load(report).Descendants("test")
        select new WineResult(
            test.Attribute("name")!.Value.Replace("Orchestrator.Processes.Tests.", "", StringComparison.Ordinal),
            test.Attribute("result")!.Value == "Skip" ? test.Element("reason")?.Value ?? "skipped" : null,
            test.Attribute("result")!.Value == "Fail" ? $"{test.Element("failure")?.Element("message")?.Value}\n{test.Element("failure")?.Element("stack-trace")?.Value}" : null);
}
