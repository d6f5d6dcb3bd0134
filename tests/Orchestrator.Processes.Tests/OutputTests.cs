using System.Text;
using Orchestrator.Testing;

namespace Orchestrator.Processes.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task Lines_come_in_order_and_each_stream_to_its_own_callback()
    {
        var (output, error) = (new List<string>(), new List<string>());

        var result = await Commands.Streams
            .WithStandardOutput(output.Add)
            .WithStandardError(error.Add)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(7, result.ExitCode);
        Assert.Equal(RunEnd.Exited, result.EndedBy);
        Assert.Equal(["out 1", "out 2", "out 3"], output);
        Assert.Equal(["err 1", "err 2", "err 3"], error);
    }

    [Fact]
    public async Task A_line_is_handed_on_while_the_command_runs()
    {
        using var directory = new TestDirectory();
        var file = directory.Combine("answer");
        using var handed = new ManualResetEventSlim();

        var run = Commands.WaitFor(file)
            .WithStandardOutput(_ => handed.Set())
            .RunAsync(TestContext.Current.CancellationToken);
        Assert.True(handed.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(file, "\n", TestContext.Current.CancellationToken);

        Assert.True((await run).IsSuccess);
    }

    [Fact]
    public async Task A_line_of_1_MB_one_that_is_not_UTF8_and_a_last_line_without_an_end_come_through()
    {
        var lines = new List<string>();

        await Commands.OddLines
            .WithStandardOutput(lines.Add)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new string('x', 1_000_000), Commands.NotUtf8, "dos", "", "end"], lines);
    }

    [Fact]
    public async Task Bytes_come_through_unchanged()
    {
        using var bytes = new MemoryStream();
        var expected = Enumerable.Range(0, 256 * 1024).Select(i => (byte)(i * 7)).ToArray();
        using var directory = new TestDirectory();
        await File.WriteAllBytesAsync(directory.Combine("bytes"), expected, TestContext.Current.CancellationToken);

        await Commands.Copy(directory.Combine("bytes"))
            .WithStandardOutputBytes(bytes.Write)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, bytes.ToArray());
    }

    [Fact]
    public async Task All_output_is_there_when_the_run_returns()
    {
        var count = 0;

        await Commands.Lines(200_000).WithStandardOutput(_ => count++).RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200_000, count);
    }

    [Fact]
    public async Task A_leftover_that_is_kept_and_holds_the_pipe_does_not_keep_the_caller_waiting()
    {
        var marker = new Marker();
        try
        {
            var lines = new List<string>();

            var result = await Commands.LinesAndLeave(marker)
                .WithLeftovers(LeftoversPolicy.Keep)
                .WithStandardOutput(lines.Add)
                .RunAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            Assert.Equal(3, result.ExitCode);
            Assert.Equal(5001, lines.Count);
            Assert.Equal("end", lines[^1]);
            Assert.Single(marker.Alive());
            Assert.Equal(Commands.SleeperName(marker), Assert.Single(result.Leftovers).Command);
        }
        finally
        {
            marker.KillAll();
        }
    }

    [Fact]
    public async Task Arguments_environment_and_directory_arrive_unchanged()
    {
        using var directory = new TestDirectory();
        var output = new StringBuilder();
        string[] arguments = ["a b", "", "'\"\\$`", "line\nbreak", "é—🙂", "--", "*"];

        await Commands.Show(arguments)
            .WithWorkingDirectory(directory.Path)
            .WithEnvironmentVariable("VAR", "v\na=l")
            .WithEnvironmentVariable("GONE", null)
            .WithStandardOutputBytes(piece => output.Append(Encoding.UTF8.GetString(piece)))
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(directory.Path + "\n<v\na=l><>" + string.Concat(arguments.Select(argument => $"<{argument}>")), output.ToString());
    }

    [Fact]
    public async Task Standard_input_is_empty()
    {
        var result = await Commands.CopyInput.RunAsync(TestContext.Current.CancellationToken);

        Assert.True(result.IsSuccess);
    }
}
