using System.Diagnostics;
using CliWrap;
using Orchestrator.Processes;

namespace Orchestrator.Benchmarks;

/// <summary>How fast the output of a command is read.</summary>
internal static class OutputSpeed
{
    private const int Lines = 1_000_000;
    private const int LineLength = 100; // its line feed included

    internal static async Task MeasureAsync(Rounds rounds, string workDirectory)
    {
        var file = Path.Combine(workDirectory, "lines");
        await using (var writer = new StreamWriter(file))
        {
            var line = new string('x', LineLength - 1);
            for (var i = 0; i < Lines; i++)
            {
                await writer.WriteAsync(line);
                await writer.WriteAsync('\n');
            }
        }

        await Comparison.PrintAsync(
            "Reading 1,000,000 lines of 100 bytes from `cat`",
            "CliWrap, a delegate a line",
            rounds.Outputs,
            Subject.Whole("`Stream.ReadAsync` on a `Process`, nothing else", () => ReadBytesAsync(file)),
            Subject.Whole("`SupervisedCommand`, a callback a piece of bytes", () => SupervisedBytesAsync(file)) with { Limit = 0.5 },
            Subject.Whole("CliWrap, to a stream that drops it", () => CliWrapBytesAsync(file)),
            Subject.Whole("`SupervisedCommand`, a callback a line", () => SupervisedLinesAsync(file)) with { Limit = 0.7 },
            Subject.Whole("CliWrap, a delegate a line", () => CliWrapAsync(file)),
            Subject.Whole("`Process.OutputDataReceived`", () => OutputDataReceivedAsync(file)));
    }

    private static async Task ReadBytesAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        var buffer = new byte[64 * 1024];
        var total = 0L;
        while (await process.StandardOutput.BaseStream.ReadAsync(buffer) is var count and > 0)
        {
            total += count;
        }

        await process.WaitForExitAsync();
        Expect(total, (long)Lines * LineLength);
    }

    private static async Task SupervisedBytesAsync(string file)
    {
        var total = 0L;
        await SupervisedCommand.Create("cat", file).WithStandardOutputBytes(bytes => total += bytes.Length).RunAsync();
        Expect(total, (long)Lines * LineLength);
    }

    private static Task CliWrapBytesAsync(string file) =>
        Cli.Wrap("cat").WithArguments([file]).WithStandardOutputPipe(PipeTarget.ToStream(Stream.Null)).ExecuteAsync();

    private static async Task SupervisedLinesAsync(string file)
    {
        var lines = 0;
        await SupervisedCommand.Create("cat", file).WithStandardOutput(_ => lines++).RunAsync();
        Expect(lines, Lines);
    }

    private static async Task CliWrapAsync(string file)
    {
        var lines = 0;
        await Cli.Wrap("cat").WithArguments([file]).WithStandardOutputPipe(PipeTarget.ToDelegate(_ => lines++)).ExecuteAsync();
        Expect(lines, Lines);
    }

    private static async Task OutputDataReceivedAsync(string file)
    {
        var lines = 0;
        using var process = new Process { StartInfo = new("cat", [file]) { RedirectStandardOutput = true } };
        process.OutputDataReceived += (_, received) => lines += received.Data is null ? 0 : 1;
        process.Start();
        process.BeginOutputReadLine();
        await process.WaitForExitAsync();
        Expect(lines, Lines);
    }

    private static void Expect(long seen, long expected)
    {
        if (seen != expected)
        {
            throw new InvalidOperationException($"{seen} came instead of {expected}");
        }
    }
}
