using CliWrap;
using CliWrap.Buffered;

namespace Orchestrator.Benchmarks;

/// <summary>The real makepkg, as an ordinary user: it refuses to be root.</summary>
internal sealed class Makepkg
{
    private readonly string home;

    internal Makepkg(string workDirectory)
    {
        home = Directory.CreateDirectory(Path.Combine(workDirectory, "makepkg")).FullName;
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(workDirectory, (UnixFileMode)0b111_101_101);
        }
    }

    internal static bool IsThere => File.Exists("/usr/bin/makepkg");

    /// <summary>Where it leaves what it builds.</summary>
    internal string Output => home;

    internal async Task<int> RunAsync(string folder, params IReadOnlyList<string> arguments)
    {
        string[] program = Environment.UserName == "root" ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "makepkg"] : ["makepkg"];
        var result = await Cli.Wrap(program[0]).WithArguments([.. program[1..], .. arguments]).WithWorkingDirectory(folder)
            .WithEnvironmentVariables(variables => variables.Set("HOME", home).Set("BUILDDIR", home).Set("PKGDEST", home).Set("SRCDEST", home))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        return result.ExitCode;
    }
}
