using System.Reflection;

namespace Orchestrator.Pkgbuild.Tests.Building;

public sealed class BashPathTests
{
    [Theory]
    [InlineData(@"C:\folder\file", "/c/folder/file")]
    [InlineData(@"d:\my folder\é", "/d/my folder/é")]
    [InlineData(@"C:\", "/c/")]
    [InlineData(@"\\server\share\x", "//server/share/x")]
    [InlineData(@"\\?\C:\long", "/c/long")]
    [InlineData(@"\\?\UNC\server\share", "//server/share")]
    public void Bash_on_Windows_has_paths_without_drives_and_backslashes(string path, string expected) => Assert.Equal(expected, BashPath.FromWindows(path));

    [Theory]
    [InlineData("/c/folder/file", @"C:\folder\file")]
    [InlineData("/c", @"C:\")]
    [InlineData("/C:/folder", @"C:\folder")]
    [InlineData("//server/share/x", @"\\server\share\x")]
    [InlineData("/usr/bin", "/usr/bin")]
    [InlineData("", "")]
    public void Its_paths_are_turned_back(string path, string expected) => Assert.Equal(expected, BashPath.ToWindows(path));

    [Theory]
    [InlineData("Foo\uF03A\uF03ABar.3pm", "Foo::Bar.3pm")]
    [InlineData("é—漢\uE000\uF000", "é—漢\uE000\uF000")]
    public void Characters_that_Windows_allows_in_no_name_come_back(string stored, string name) => Assert.Equal(name, BashPath.FromStored(stored));

    [Fact]
    public void Elsewhere_paths_are_as_they_are() => Assert.Equal(("C:\\x", "/c/x"), (BashPath.Of("C:\\x"), BashPath.Native("/c/x")));

    [Theory]
    [InlineData("a.tar.gz", null)]
    [InlineData("..\\x", "'\\'")]
    [InlineData("c:x", "':'")]
    [InlineData("nul", "device")]
    [InlineData("COM1.txt", "device")]
    [InlineData("command", null)]
    [InlineData("com", null)]
    [InlineData("x.", "dot")]
    [InlineData("x ", "space")]
    [InlineData("a\tb", "control")]
    public void A_name_that_means_something_else_to_Windows_is_told(string name, string? problem)
    {
        var found = WindowsFileName.Problem(name);

        Assert.Equal(problem is null, found is null);
        Assert.Contains(problem ?? "", found ?? "", StringComparison.Ordinal);
    }

    // Within quotes two backslashes are one for programs of MSYS2 that others start, and two for the C runtime of Windows.
    [Theory]
    [InlineData("function.bash")]
    [InlineData("dump.bash")]
    public void Scripts_for_bash_have_nothing_that_MSYS2_reads_otherwise(string name)
    {
        using var stream = typeof(BashPath).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);

        Assert.DoesNotContain(@"\\", reader.ReadToEnd(), StringComparison.Ordinal);
    }
}
