using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.Testing;

/// <summary>Starts <c>orchestrator-supervise</c> itself, as a shell would.</summary>
public static class Supervise
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "orchestrator-supervise");

    /// <summary>The native program; it is missing where there was no linker.</summary>
    public static string Native { get; } = Path.Combine(
        Folder,
        $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}",
        "orchestrator-supervise");

    public static bool HasNative => File.Exists(Native);

    /// <summary>A command line that starts it: the native program if there is one and it is asked for, else the managed one.</summary>
    public static IReadOnlyList<string> CommandLine(bool native = true) =>
        native && HasNative ? [Native] : ["dotnet", Path.Combine(Folder, "managed", "orchestrator-supervise.dll")];

    /// <summary>Starts it with its output redirected.</summary>
    public static Process Start(bool native, params IEnumerable<string> arguments)
    {
        string[] words = [.. CommandLine(native), .. arguments];
        return Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Waits for its end, with a deadline.</summary>
    public static async Task<int> ExitAsync(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }
}
