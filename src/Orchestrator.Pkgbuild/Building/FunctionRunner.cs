using System.Globalization;
using System.Reflection;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Runs functions of a PKGBUILD, each in a fresh contained bash that sources the whole file.</summary>
internal sealed class FunctionRunner(
    Pkgbuild pkgbuild,
    WorkLayout layout,
    IReadOnlyDictionary<string, string?> environment,
    ContainedRunner runner,
    BuildLog log,
    ResumableBuild resume)
{
    private static readonly Lazy<string> Script = new(LoadScript);

    private readonly string report = Path.Combine(layout.Control, "failed");
    private string script = pkgbuild.Path;
    private string newVersion = "";

    /// <summary>Whether the PKGBUILD has a function.</summary>
    internal bool Has(string function) => pkgbuild.Functions.Contains(function);

    /// <summary>Runs a function.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="directory">Where it begins: <c>srcdir</c>, but for <c>verify()</c>.</param>
    /// <param name="package">The package that <c>pkgname</c> and <c>pkgdir</c> stand for; null for <c>pkgbase</c>.</param>
    /// <exception cref="PkgbuildException"><see cref="MakepkgExitCode.FunctionFailed"/>: it failed.</exception>
    internal Task RunAsync(string function, string directory, string? package = null) =>
        RunAsync(function, directory, package, log.Output);

    /// <summary>Runs <c>pkgver()</c>, and lets what runs from now on see the version that it prints.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="PkgbuildException">It failed, or what it printed is no version.</exception>
    internal async Task<string> UpdateVersionAsync()
    {
        List<string> output = [];
        await RunAsync("pkgver", layout.SourceDirectory, null, output.Add).ConfigureAwait(false);
        var version = string.Join('\n', output);
        if (PackageSyntax.ProblemOfPkgver(version) is { } problem)
        {
            throw new PkgbuildException(
                MakepkgExitCode.PkgbuildError,
                $"pkgver() generated an invalid version: {Printable.Quote(version)}: it {problem}",
                pkgbuild.Path,
                pkgbuild.LineOf("pkgver"));
        }

        if (version != pkgbuild.Version.PkgVer)
        {
            newVersion = version;
            script = await WriteWithVersionAsync(version).ConfigureAwait(false);
        }

        return version;
    }

    private async Task RunAsync(string function, string directory, string? package, Action<string> output)
    {
        log.Step($"Starting {function}()...");
        File.Delete(report);
        var command = SupervisedCommand
            .Create(BashProgram.Path, "--norc", "--noprofile", "-c", Script.Value, "bash", BashPath.Of(script), function, BashPath.Of(report), package ?? "", newVersion)
            .WithWorkingDirectory(directory)
            .WithUmask(BuildEnvironment.Umask)
            .WithEnvironmentVariables(environment)
            .WithEnvironmentVariables(resume.Variables)
            .WithEnvironmentVariable("pkgdir", BashPath.Of(layout.PackageDirectory(package ?? pkgbuild.BaseName)))
            .WithStandardOutput(line =>
            {
                // ninja has there what compilers print.
                resume.Watch(line);
                output(line);
            })
            .WithStandardError(PrintError);
        var result = await resume.FollowAsync(function, runner.RunAsync(command)).ConfigureAwait(false);
        if (!result.IsSuccess)
        {
            throw await FailureAsync(function, result).ConfigureAwait(false);
        }
    }

    private void PrintError(string line)
    {
        resume.Watch(line);
        log.ErrorOutput(line);
    }

    private async Task<PkgbuildException> FailureAsync(string function, RunResult result)
    {
        string[] where = File.Exists(report)
            ? (await File.ReadAllTextAsync(report).ConfigureAwait(false)).Split('\0')
            : [];
        if (where is ["source", ..])
        {
            return new(
                MakepkgExitCode.PkgbuildError, $"Failed to source the PKGBUILD for {function}(): its last top-level command failed", pkgbuild.Path);
        }

        var message = $"A failure occurred in {function}().";
        if (result.Signal is { } signal)
        {
            message += $" SIG{signal} ended it.";
        }

        // No line is known where the function itself returned a failure or ended the shell.
        return where is [var number, var file, ..] && file.Length > 0
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new(MakepkgExitCode.FunctionFailed, message, file == BashPath.Of(script) ? pkgbuild.Path : BashPath.Native(file), line)
            : new(MakepkgExitCode.FunctionFailed, message, pkgbuild.Path, pkgbuild.LineOf(function));
    }

    // makepkg rewrites the user's file and sources it again, so that what is derived from pkgver changes with it; here a copy is.
    private async Task<string> WriteWithVersionAsync(string version)
    {
        var copy = Path.Combine(layout.Control, "PKGBUILD");
        await File.WriteAllBytesAsync(copy, VersionRewriting.Apply(await File.ReadAllBytesAsync(pkgbuild.Path).ConfigureAwait(false), version)).ConfigureAwait(false);
        return copy;
    }

    private static string LoadScript()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("function.bash")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
