using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class LookupTests : IDisposable
{
    private readonly TestDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData("orchestrator-no-such-program", 127, "was not found")]
    [InlineData(@"C:\no\such\program.exe", 127, "was not found")]
    [InlineData(@".\no-such", 127, "was not found")]
    [InlineData("bad\0name", 127, "was not found")]
    [InlineData(@"C:\windows", 126, "it is a directory")]
    [InlineData("CON", 126, "name of a device")]
    [InlineData("nul.exe", 126, "name of a device")]
    [InlineData(@"C:\windows\com1", 126, "name of a device")]
    public async Task A_command_that_cannot_be_run_is_one_clear_error(string program, int exitCode, string message)
    {
        var exception = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(program).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(exitCode, exception.ExitCode);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notes.txt", "hello", "it is no program")]
    [InlineData("tool.ps1", "exit 0", "it is no program")]
    [InlineData("broken.exe", "MZ, but nothing more", "cannot execute")]
    public async Task A_file_that_is_no_program_is_one_clear_error(string name, string content, string message)
    {
        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create(directory.Write(name, content)).RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(126, exception.ExitCode);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tool")]
    [InlineData("tool.exe")]
    [InlineData("TOOL.EXE")]
    public async Task A_program_is_found_in_PATH_of_its_own_environment_by_PATHEXT(string name)
    {
        File.Copy(Marker.Tree, directory.Combine("tool.exe"));

        var result = await SupervisedCommand.Create(name, "exit", "5")
            .WithEnvironmentVariable("PATH", $"C:\\no\\such;\"{directory.Path}\"")
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(5, result.ExitCode);
    }

    [Fact]
    public async Task A_program_is_not_taken_from_the_working_directory_by_its_bare_name()
    {
        File.Copy(Marker.Tree, directory.Combine("planted.exe"));

        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create("planted", "exit", "0").WithWorkingDirectory(directory.Path).RunAsync(TestContext.Current.CancellationToken));
        var result = await SupervisedCommand.Create(@".\planted", "exit", "6").WithWorkingDirectory(directory.Path).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(127, exception.ExitCode);
        Assert.Equal(6, result.ExitCode);
    }

    [Fact]
    public async Task A_program_whose_extension_is_unknown_runs_if_it_is_one()
    {
        File.Copy(Marker.Tree, directory.Combine("tool.bin"));

        var result = await SupervisedCommand.Create(directory.Combine("tool.bin"), "exit", "4").RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(4, result.ExitCode);
    }

    [Fact]
    public async Task A_path_of_more_than_260_characters_runs()
    {
        Assert.SkipWhen(Wine.Version is not null, "wine's CreateProcessW finds no program whose path is longer than MAX_PATH, with or without \\\\?\\ (error 2)");
        var deep = Directory.CreateDirectory(directory.Combine(Path.Combine([.. Enumerable.Repeat(new string('d', 100), 3)]))).FullName;
        File.Copy(Marker.Tree, Path.Combine(deep, "tool.exe"));

        var result = await SupervisedCommand.Create(Path.Combine(deep, "tool.exe"), "exit", "3").RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public async Task What_Windows_has_no_room_for_is_one_clear_error()
    {
        var deep = Directory.CreateDirectory(directory.Combine(Path.Combine([.. Enumerable.Repeat(new string('d', 100), 3)]))).FullName;
        await File.WriteAllTextAsync(Path.Combine(deep, "tool.cmd"), "@exit 0\r\n", TestContext.Current.CancellationToken);

        var inDeep = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(Marker.Tree, "exit", "0").WithWorkingDirectory(deep).RunAsync(TestContext.Current.CancellationToken));
        var batch = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(Path.Combine(deep, "tool.cmd")).RunAsync(TestContext.Current.CancellationToken));
        var arguments = await Assert.ThrowsAsync<SupervisorException>(() => SupervisedCommand.Create(Marker.Tree, new string('x', 40_000)).RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Windows allows 258", inDeep.Message, StringComparison.Ordinal);
        Assert.Contains("cmd.exe, which runs batch files, allows 259", batch.Message, StringComparison.Ordinal);
        Assert.Contains("Windows allows 32766", arguments.Message, StringComparison.Ordinal);
        Assert.Equal((125, 126, 126), (inDeep.ExitCode, batch.ExitCode, arguments.ExitCode));
    }

    [Fact]
    public async Task A_missing_working_directory_is_not_taken_for_a_missing_command()
    {
        var exception = await Assert.ThrowsAsync<SupervisorException>(() =>
            SupervisedCommand.Create(Marker.Tree, "exit", "0").WithWorkingDirectory(@"C:\no\such\place").RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(125, exception.ExitCode);
        Assert.Contains(@"C:\no\such\place", exception.Message, StringComparison.Ordinal);
    }
}
