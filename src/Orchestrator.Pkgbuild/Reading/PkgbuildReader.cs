using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Orchestrator.Processes;

namespace Orchestrator.Pkgbuild;

/// <summary>Reads PKGBUILDs as makepkg does: without running anything, and, where that does not do, in a contained bash.</summary>
/// <remarks>
/// In bash the top level of the PKGBUILD is run, with the caller's rights; and, as makepkg does it, each line of its package
/// functions that assigns to a field. What that starts is ended, and what it prints is not shown.
/// </remarks>
public static class PkgbuildReader
{
    /// <summary>More metadata than any package has.</summary>
    private const int MaximumOutput = 16 << 20;

    private static readonly Lazy<string> Script = new(LoadScript);

    /// <summary>Reads a PKGBUILD. Whether what it says makes sense is another question: <see cref="PkgbuildLinter"/>.</summary>
    /// <param name="path">The PKGBUILD, or the folder that it is in.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the reading, and whatever the PKGBUILD has started.</param>
    /// <returns>What the PKGBUILD sets. Bytes that are not UTF-8 are lone surrogates in it, U+DC80 to U+DCFF.</returns>
    /// <exception cref="PkgbuildException">
    /// <see cref="MakepkgExitCode.MissingFile"/>: there is no PKGBUILD; <see cref="MakepkgExitCode.NoPermission"/>: it may not
    /// be read; <see cref="MakepkgExitCode.MissingTool"/>: no bash (4.4 or newer); <see cref="MakepkgExitCode.PkgbuildError"/>:
    /// it is no PKGBUILD, has a syntax error, fails, does not end within <see cref="PkgbuildReadOptions.TimeLimit"/>, or ends
    /// the shell that reads it.
    /// </exception>
    /// <exception cref="NeedsEvaluationException">
    /// A value depends on running a program, and <see cref="PkgbuildReadOptions.Evaluation"/> is <see cref="PkgbuildEvaluation.Never"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or its owner exited; nothing that it started is alive.</exception>
    public static async Task<Pkgbuild> ReadAsync(
        string path,
        PkgbuildReadOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        return await ReadAsync(PkgbuildFile.Open(path), options ?? new(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As <see cref="ReadAsync(string, PkgbuildReadOptions?, CancellationToken)"/>, for a file that has been opened.</summary>
    internal static async Task<Pkgbuild> ReadAsync(PkgbuildFile file, PkgbuildReadOptions options, CancellationToken cancellationToken)
    {
        if (options.Evaluation == PkgbuildEvaluation.Always)
        {
            return await EvaluateAsync(file, options, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return StaticReader.Read(file, options, cancellationToken);
        }
        catch (PkgbuildException) when (options.Evaluation == PkgbuildEvaluation.WhenNeeded)
        {
            // It depends on a program; or it is wrong, and bash says best how.
        }

        return await EvaluateAsync(file, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Pkgbuild> EvaluateAsync(PkgbuildFile file, PkgbuildReadOptions options, CancellationToken cancellationToken)
    {
        var nonce = Guid.NewGuid().ToString("N");
        using MemoryStream output = new();
        Tail error = new();
        using var tooMuch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        var isolation = options.AllowNetwork ? [] : await NetworkIsolation.PrefixAsync().ConfigureAwait(false);

        RunResult result;
        try
        {
            result = await Command(file, nonce, options, isolation)
                .WithStandardOutputBytes(Keep)
                .WithStandardErrorBytes(error.Append)
                .RunAsync(tooMuch.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (output.Length > MaximumOutput && !cancellationToken.IsCancellationRequested)
        {
            throw TooMuch(file);
        }
        catch (SupervisorException exception) when (exception.ExitCode is 126 or 127)
        {
            throw NoBash("bash cannot be run", exception);
        }

        if (output.Length > MaximumOutput)
        {
            throw TooMuch(file);
        }

        if (result.EndedBy == RunEnd.OwnerExited)
        {
            throw new OperationCanceledException("Build cancelled: its owner exited");
        }

        var dump = PkgbuildDump.Parse(output.GetBuffer().AsSpan(0, (int)output.Length), nonce);
        return dump switch
        {
            { OldBash: { } version } => throw NoBash($"bash {version} is too old"),
            { Status: 0 } => dump.Contents.ToPkgbuild(file, ScriptOutline.TryFind(file)),
            _ => throw Failure(file, options, result, dump, error.ToString()),
        };

        void Keep(ReadOnlySpan<byte> bytes)
        {
            if (output.Length > MaximumOutput)
            {
                tooMuch.Cancel();
                return;
            }

            output.Write(bytes);
        }
    }

    private static SupervisedCommand Command(PkgbuildFile file, string nonce, PkgbuildReadOptions options, IReadOnlyList<string> isolation)
    {
        var memory = (options.MemoryLimit / 1024).ToString(CultureInfo.InvariantCulture);
        string[] words = [.. isolation, BashProgram.Path, "--norc", "--noprofile", "-c", Script.Value, "bash", nonce, BashPath.Of(file.Path), memory];
        var command = SupervisedCommand.Create(words[0], words[1..])
            .WithWorkingDirectory(file.StartDirectory)
            .WithTimeout(options.TimeLimit)
            .WithEnvironmentVariables(BashEnvironment.Removals())
            // The same metadata everywhere, and messages in the language that BashMessage reads.
            .WithEnvironmentVariable("LC_ALL", "C.UTF-8")
            .WithEnvironmentVariable("LANGUAGE", null)
            .WithEnvironmentVariable("CARCH", options.Architecture);
        foreach (var (name, value) in MakepkgVariables.Get(options.IsForSrcInfo))
        {
            command = command.WithEnvironmentVariable(name, value);
        }

        if (Environment.GetEnvironmentVariable("CHOST") is null)
        {
            command = command.WithEnvironmentVariable("CHOST", MachineArchitecture.HostOf(options.Architecture));
        }

        if (OperatingSystem.IsWindows())
        {
            command = command.WithEnvironmentVariable("PATH", BashProgram.SearchPath(Environment.GetEnvironmentVariable("PATH")));
        }

        return options.Events is { } events ? command.WithEvents(events) : command;
    }

    // In this order: what bash refuses to parse also makes its status non-zero, and a timeout cuts the dump short.
    private static PkgbuildException Failure(
        PkgbuildFile file, PkgbuildReadOptions options, RunResult result, PkgbuildDump? dump, string error)
    {
        if (result.EndedBy == RunEnd.TimedOut)
        {
            return Wrong(
                $"the PKGBUILD did not end while it was being read (limit {options.TimeLimit.TotalSeconds:0.###} s);" +
                " its top level must only set variables and define functions");
        }

        var messages = BashMessage.Find(error, BashPath.Of(file.Path));
        if (messages.FirstOrDefault(message => message.IsSyntaxError) is { } syntax)
        {
            return Wrong(syntax.Text, syntax.Line);
        }

        var last = messages.Count > 0 ? messages[^1] : new(0, LastLine(error));
        var because = last.Text.Length > 0 ? $": {last.Text}" : "";
        return Wrong(
            dump is not null ? $"the last command of the PKGBUILD's top level failed with status {dump.Status}{because}" :
            result.Signal is { } signal ? $"SIG{signal} ended the shell that read the PKGBUILD{because}" :
            $"the PKGBUILD ended or changed the shell that read it (exit status {result.ExitCode}){because};" +
            " its top level must only set variables and define functions",
            last.Line);

        PkgbuildException Wrong(string message, int line = 0) => new(MakepkgExitCode.PkgbuildError, message, file.Path, line);
    }

    private static string LastLine(string text)
    {
        var line = text.AsSpan().TrimEnd();
        line = line[(line.LastIndexOf('\n') + 1)..];
        return line.Length <= 200 ? line.ToString() : $"{line[..200]}…";
    }

    private static PkgbuildException TooMuch(PkgbuildFile file) =>
        new(MakepkgExitCode.PkgbuildError, $"the PKGBUILD sets more than {MaximumOutput} bytes of metadata", file.Path);

    private static PkgbuildException NoBash(string what, Exception? innerException = null) =>
        new(MakepkgExitCode.MissingTool, $"{what}: reading a PKGBUILD needs bash 4.4 or newer", innerException: innerException);

    private static string LoadScript()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("dump.bash")!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The end of a stream of any length.</summary>
    private sealed class Tail
    {
        private const int Kept = 64 * 1024;

        private readonly List<byte> bytes = [];

        public void Append(ReadOnlySpan<byte> more)
        {
            bytes.AddRange(more);
            if (bytes.Count > 2 * Kept)
            {
                bytes.RemoveRange(0, bytes.Count - Kept);
            }
        }

        public override string ToString() => Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }
}
