using System.Diagnostics;
using Orchestrator.Testing;

namespace Orchestrator.Supervisor.Tests;

/// <summary>A program for each test: the native supervisor, and the managed one that stands in where there is no linker.</summary>
public abstract class SupervisorTests : IDisposable
{
    private readonly List<Process> started = [];

    protected Marker Marker { get; } = new();

    protected TestDirectory Directory { get; } = new();

    public static TheoryData<bool> Programs => Supervise.HasNative ? [true, false] : [false];

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited)
            {
                Signal.Send(process, Signal.Kill);
            }

            process.Dispose();
        }

        Marker.KillAll();
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Process Start(bool native, params IEnumerable<string> arguments)
    {
        var process = Supervise.Start(native, arguments);
        started.Add(process);
        return process;
    }

    protected Process StartOther(string program, params IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        started.Add(process);
        return process;
    }

    /// <summary>Runs to the end.</summary>
    protected async Task<(int ExitCode, string Output, string Error)> RunAsync(bool native, params IEnumerable<string> arguments)
    {
        var process = Start(native, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return (await Supervise.ExitAsync(process), await output, await error);
    }

    protected static async Task WaitForReadyAsync(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal("READY", await process.StandardOutput.ReadLineAsync(deadline.Token));
    }
}
