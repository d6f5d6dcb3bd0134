namespace Orchestrator.Pkgbuild.Tests.Building;

public sealed class BashProgramTests
{
    private readonly HashSet<string> files = [];
    private readonly Dictionary<string, string> variables = new() { ["SystemDrive"] = "C:", ["ProgramFiles"] = @"C:\Program Files", ["LocalAppData"] = @"C:\Users\u\AppData\Local" };

    [Theory]
    [InlineData(@"C:\Windows\System32;D:\msys64\usr\bin", @"D:\msys64\usr\bin\bash.exe")]
    [InlineData(@"""D:\my tools\"";C:\Windows", @"D:\my tools\bash.exe")]
    [InlineData("", @"C:\msys64\usr\bin\bash.exe")]
    [InlineData("", @"C:\Program Files\Git\bin\bash.exe")]
    [InlineData("", @"C:\Users\u\AppData\Local\Programs\Git\bin\bash.exe")]
    public void The_bash_of_MSYS2_or_Git_for_Windows_is_found(string path, string bash)
    {
        files.Add(bash);

        Assert.Equal(bash, Find(path));
    }

    [Fact]
    public void The_one_in_PATH_is_taken_before_the_usual_places()
    {
        files.UnionWith([@"C:\msys64\usr\bin\bash.exe", @"E:\tools\bash.exe"]);

        Assert.Equal(@"E:\tools\bash.exe", Find(@"E:\tools"));
    }

    [Fact]
    public void That_of_a_Git_whose_cmd_folder_is_in_PATH_is_found()
    {
        files.UnionWith([@"D:\Git\cmd\git.exe", @"D:\Git\bin\bash.exe"]);

        Assert.Equal(@"D:\Git\bin\bash.exe", Find(@"D:\Git\cmd\"));
    }

    [Theory]
    [InlineData(@"C:\Windows\System32")]
    [InlineData(@"C:\WINDOWS\system32\")]
    [InlineData(@"C:\Windows\Sysnative")]
    [InlineData(@"C:\Users\u\AppData\Local\Microsoft\WindowsApps")]
    public void That_of_WSL_is_none(string folder)
    {
        files.Add(folder.TrimEnd('\\') + @"\bash.exe");

        Assert.Null(Find(folder));
    }

    [Theory]
    [InlineData(@"C:\Windows\System32;D:\msys64\usr\bin", @"D:\msys64\usr\bin;C:\Windows\System32;D:\msys64\usr\bin")]
    [InlineData(@"D:\msys64\mingw64\bin;d:\MSYS64\usr\bin\;C:\Windows\System32", @"D:\msys64\mingw64\bin;d:\MSYS64\usr\bin\;C:\Windows\System32")]
    [InlineData("", @"D:\msys64\usr\bin;")]
    public void Its_own_tools_come_before_those_of_Windows(string path, string expected) => Assert.Equal(expected, BashProgram.WithTools(path, @"D:\msys64\usr\bin"));

    [Theory]
    [InlineData(@"D:\msys64\usr\bin\bash.exe", @"D:\msys64\usr\bin")]
    [InlineData(@"D:\Git\bin\bash.exe", @"D:\Git\usr\bin")]
    [InlineData(@"D:\other\bash.exe", @"D:\other")]
    public void Its_tools_are_where_the_programs_of_MSYS2_are(string bash, string folder) =>
        Assert.Equal(folder, BashProgram.ToolFolder(bash, path => path is @"D:\msys64\usr\bin" or @"D:\Git\usr\bin"));

    private string? Find(string path) => BashProgram.Find(path, variables.GetValueOrDefault, files.Contains);
}
