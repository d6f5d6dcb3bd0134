using System.Diagnostics;

namespace Orchestrator.Testing;

/// <summary>Runs a bash script to its end, with a deadline.</summary>
public static class Shell
{
    /// <summary>Its exit status, and what it printed to both streams.</summary>
    /// <param name="script">The script; each argument is one of its positional parameters.</param>
    /// <param name="arguments">From <c>$1</c>.</param>
    public static Task<(int ExitCode, string Text)> RunAsync(string script, params IEnumerable<string> arguments) =>
        RunProgramAsync("bash", ["-c", script, "bash", .. arguments]);

    /// <summary>The same, in a mount namespace of its own: what it mounts is gone with it. As root, or as root of a user namespace.</summary>
    public static Task<(int ExitCode, string Text)> RunMountingAsync(string script, params IEnumerable<string> arguments) =>
        RunProgramAsync("unshare", [.. MountNamespace, "bash", "-c", script, "bash", .. arguments]);

    /// <summary>Whether this machine lets us mount in a namespace of our own.</summary>
    public static async Task<bool> CanMountAsync() =>
        (await RunMountingAsync("mount -t tmpfs none /mnt")).ExitCode == 0;

    /// <summary>Runs it, and throws what it printed if it failed.</summary>
    public static async Task<string> MustAsync(string script, params IEnumerable<string> arguments)
    {
        var (exitCode, text) = await RunAsync(script, arguments);
        return exitCode == 0 ? text : throw new InvalidOperationException($"exit status {exitCode}: {text}");
    }

    /// <summary>Options of unshare(1): a mount namespace, in which an ordinary user is root.</summary>
    internal static IReadOnlyList<string> MountNamespace => Environment.IsPrivilegedProcess ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

    private static async Task<(int ExitCode, string Text)> RunProgramAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end in time");
        }
    }
}
