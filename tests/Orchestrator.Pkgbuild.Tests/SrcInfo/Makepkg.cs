using System.Diagnostics;

namespace Orchestrator.Pkgbuild.Tests;

/// <summary>The real makepkg, which refuses to run as root: then it runs as the user nobody.</summary>
public static class Makepkg
{
    private static readonly Lazy<string?> LazyVersion = new(FindVersion);

    /// <summary>Why it cannot be compared with; null if it can.</summary>
    public static string? Unavailable => LazyVersion.Value switch
    {
        null => "makepkg is not installed (Debian: apt-get install makepkg)",
        var version when !version.StartsWith("6.0.", StringComparison.Ordinal) => $"this is makepkg {version}, not 6.0, whose output is compared",
        _ => null,
    };

    /// <summary>Runs <c>makepkg --printsrcinfo</c> for a copy of a folder.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> PrintSrcInfoAsync(string folder)
    {
        Assert.SkipUnless(Unavailable is null, Unavailable ?? "");
        var copy = Directory.CreateTempSubdirectory("orchestrator-makepkg-").FullName;
        try
        {
            // A folder that nobody else may write to keeps makepkg from building, even if it is not to.
            var (status, _, error) = await RunAsync("cp", "-R", "--", folder, Path.Combine(copy, "startdir"));
            Assert.True(status == 0, error);
            (status, _, error) = await RunAsync("chmod", "-R", "a+rwX", "--", copy);
            Assert.True(status == 0, error);
            const string Command = "cd -- \"$1/startdir\" && exec env LC_ALL=C.UTF-8 LANGUAGE= HOME=\"$1\" makepkg --printsrcinfo --ignorearch";
            return Environment.IsPrivilegedProcess
                ? await RunAsync("su", "nobody", "-s", "/bin/bash", "-c", Command, "--", "bash", copy)
                : await RunAsync("bash", "-c", Command, "bash", copy);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static string? FindVersion()
    {
        try
        {
            using var makepkg = Process.Start(new ProcessStartInfo("makepkg", ["--version"]) { RedirectStandardOutput = true })!;
            var line = makepkg.StandardOutput.ReadLine(); // makepkg (pacman) 6.0.2
            makepkg.WaitForExit();
            return line?.Split(' ')[^1];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
