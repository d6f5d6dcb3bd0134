using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.MSBuild.Tests;

/// <summary>What a build needs that has a command which prints without end.</summary>
public sealed partial class OutputMemoryTests(PackedPackage package) : IDisposable
{
    private readonly TestDirectory directory = new();

    [Fact]
    public async Task Output_of_100_MB_needs_no_more_memory_than_with_Exec()
    {
        var exec = await PeakAsync("Exec");
        var own = await PeakAsync("ExecInProcessGroup");
        TestContext.Current.TestOutputHelper!.WriteLine($"Exec {exec} kB, ExecInProcessGroup {own} kB");

        // What is held back is bounded by the queue, 32 pieces of 64 KiB; the rest is the garbage collector's mood.
        Assert.InRange(own, 1, exec * 3 / 2);
    }

    public void Dispose() => directory.Dispose();

    [GeneratedRegex(@"VmHWM:\s*([0-9]+) kB")]
    private static partial Regex Peak();

    // In kB, of the process that the task runs in (proc(5)); the shell of an Exec is a child of it.
    private async Task<long> PeakAsync(string task)
    {
        var project = directory.Write($"{task}.proj", $"""
            <Project>
              <Import Project="{package.Contents}/build/Orchestrator.MSBuild.props" />
              <Target Name="Build">
                <{task} Command="yes 'a line of some length, as compilers print them: 0123456789 0123456789 0123456' | head -c 100000000; echo end" StandardOutputImportance="low" />
                <Exec Command="grep VmHWM /proc/%24PPID/status" />
              </Target>
            </Project>
            """);
        using var job = Job.Start("dotnet", "msbuild", project, "-nologo", "-m:1", "-v:m");
        Assert.True(await job.ExitCodeAsync() == 0, job.Text);
        return long.Parse(Peak().Match(job.Text).Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
