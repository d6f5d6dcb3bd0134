using System.Runtime.CompilerServices;
using Cake.Core;
using Cake.Core.Annotations;
using Cake.Core.IO;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>
/// Start processes as StartProcess does, but so that nothing they start can outlive them or an aborted pipeline. The arguments
/// and settings are those of StartProcess: adding one word is the whole migration.
/// </summary>
[CakeAliasCategory("Process")]
[CakeNamespaceImport("Orchestrator.Cake")]
[CakeNamespaceImport("Orchestrator.Processes")]
public static class ProcessGroupAliases
{
    /// <summary>Starts a command in a process group of its own and waits until nothing of it is left.</summary>
    /// <example><code>
    /// var exitCode = StartProcessGroup("make");
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it.</returns>
    /// <exception cref="CakeException">It could not be run, or the pipeline is being aborted and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(this ICakeContext context, FilePath fileName) =>
        StartProcessGroup(context, fileName, new ProcessSettings());

    /// <summary>Starts a command with arguments in a process group of its own and waits until nothing of it is left.</summary>
    /// <example><code>
    /// if (StartProcessGroup("cargo", "build --release") != 0)
    /// {
    ///     throw new CakeException("cargo failed");
    /// }
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="processArguments">Its arguments, as on a command line.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it.</returns>
    /// <exception cref="CakeException">It could not be run, or the pipeline is being aborted and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(this ICakeContext context, FilePath fileName, string processArguments) =>
        StartProcessGroup(context, fileName, new ProcessSettings { Arguments = processArguments });

    /// <summary>Starts a command with the settings of StartProcess and waits until nothing of it is left.</summary>
    /// <example><code>
    /// StartProcessGroup("cargo", new ProcessSettings
    /// {
    ///     Arguments = new ProcessArgumentBuilder().Append("publish").Append("--token").AppendSecret(token),
    ///     WorkingDirectory = "worker",
    ///     EnvironmentVariables = new Dictionary&lt;string, string&gt; { ["CARGO_TERM_COLOR"] = "always" },
    ///     Timeout = 60_000,
    /// });
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="settings">How to run it.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it.</returns>
    /// <exception cref="TimeoutException"><see cref="ProcessSettings.Timeout"/> milliseconds were over, and nothing of it is left.</exception>
    /// <exception cref="CakeException">It could not be run, or the pipeline is being aborted and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(this ICakeContext context, FilePath fileName, ProcessSettings settings) =>
        Run(Start(context, fileName, settings, options: null), settings).GetExitCode();

    /// <summary>As above, and gives the lines of standard output.</summary>
    /// <example><code>
    /// StartProcessGroup("git", new ProcessSettings { Arguments = "status --short", RedirectStandardOutput = true }, out var changed);
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="redirectedStandardOutput">The lines; null if <see cref="ProcessSettings.RedirectStandardOutput"/> is not set.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it.</returns>
    /// <exception cref="TimeoutException"><see cref="ProcessSettings.Timeout"/> milliseconds were over, and nothing of it is left.</exception>
    /// <exception cref="CakeException">It could not be run, or the pipeline is being aborted and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(this ICakeContext context, FilePath fileName, ProcessSettings settings, out IEnumerable<string>? redirectedStandardOutput) =>
        StartProcessGroup(context, fileName, settings, out redirectedStandardOutput, out _);

    /// <summary>As above, and gives the lines of standard output and of standard error.</summary>
    /// <example><code>
    /// var settings = new ProcessSettings { Arguments = "check", RedirectStandardOutput = true, RedirectStandardError = true };
    /// StartProcessGroup("cargo", settings, out var output, out var errors);
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="settings">How to run it.</param>
    /// <param name="redirectedStandardOutput">The lines; null if <see cref="ProcessSettings.RedirectStandardOutput"/> is not set.</param>
    /// <param name="redirectedErrorOutput">The lines; null if <see cref="ProcessSettings.RedirectStandardError"/> is not set.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it.</returns>
    /// <exception cref="TimeoutException"><see cref="ProcessSettings.Timeout"/> milliseconds were over, and nothing of it is left.</exception>
    /// <exception cref="CakeException">It could not be run, or the pipeline is being aborted and nothing of it is left.</exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(
        this ICakeContext context,
        FilePath fileName,
        ProcessSettings settings,
        out IEnumerable<string>? redirectedStandardOutput,
        out IEnumerable<string>? redirectedErrorOutput)
    {
        var process = Run(Start(context, fileName, settings, options: null), settings);
        redirectedStandardOutput = settings.RedirectStandardOutput ? process.GetStandardOutput() : null;
        redirectedErrorOutput = settings.RedirectStandardError ? process.GetStandardError() : null;
        return process.GetExitCode();
    }

    /// <summary>Starts a command with settings that also say how it is to be ended, and waits until nothing of it is left.</summary>
    /// <example><code>
    /// StartProcessGroup("gradle", new ProcessGroupSettings
    /// {
    ///     Arguments = "build",
    ///     GracePeriod = TimeSpan.FromSeconds(5),
    ///     AllowedLeftovers = { "GradleDaemon" },
    /// });
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program; <c>ToolPath</c> goes before it.</param>
    /// <param name="settings">How to run and how to end it.</param>
    /// <returns>Its exit code; 128 + n if signal n ended it, 120 if it left processes behind and was not to.</returns>
    /// <exception cref="TimeoutException">The time was over, and nothing of it is left.</exception>
    /// <exception cref="CakeException">
    /// It could not be run; or HandleExitCode is set and does not accept its exit code; or the pipeline is being aborted and
    /// nothing of it is left.
    /// </exception>
    [CakeMethodAlias]
    public static int StartProcessGroup(this ICakeContext context, FilePath fileName, ProcessGroupSettings settings)
    {
        var process = StartAndReturn(context, fileName, settings, out var processSettings);
        var exitCode = Run(process, processSettings).GetExitCode();
        settings.PostAction?.Invoke(process);
        return settings.HandleExitCode is not { } accepts || accepts(exitCode) || exitCode == 0
            ? exitCode
            : throw new CakeException(exitCode, $"{fileName}: process returned an error (exit code {exitCode})");
    }

    /// <summary>Starts a command and does not wait for it; it is ended with the pipeline at the latest.</summary>
    /// <example><code>
    /// using (var server = StartAndReturnProcessGroup("./server", new ProcessSettings { Arguments = "--port 8080" }))
    /// {
    ///     StartProcessGroup("./tests");
    ///     server.Kill(); // and all that it has started
    /// }
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="settings">How to run it.</param>
    /// <returns>The running command.</returns>
    /// <exception cref="CakeException">The pipeline is being aborted. That it could not be run is thrown when it is waited for.</exception>
    [CakeMethodAlias]
    public static ProcessGroup StartAndReturnProcessGroup(this ICakeContext context, FilePath fileName, ProcessSettings settings) =>
        Start(context, fileName, settings, options: null);

    /// <summary>Starts a command with no arguments and does not wait for it; it is ended with the pipeline at the latest.</summary>
    /// <example><code>
    /// var watcher = StartAndReturnProcessGroup("./watch.sh");
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <returns>The running command.</returns>
    /// <exception cref="CakeException">The pipeline is being aborted. That it could not be run is thrown when it is waited for.</exception>
    [CakeMethodAlias]
    public static ProcessGroup StartAndReturnProcessGroup(this ICakeContext context, FilePath fileName) =>
        StartAndReturnProcessGroup(context, fileName, new ProcessSettings());

    /// <summary>Starts a command with settings that also say how it is to be ended, and does not wait for it.</summary>
    /// <example><code>
    /// var server = StartAndReturnProcessGroup("./server", new ProcessGroupSettings { CancelSignal = "INT", GracePeriod = TimeSpan.FromSeconds(2) });
    /// </code></example>
    /// <param name="context">The context.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="settings">How to run and how to end it.</param>
    /// <returns>The running command.</returns>
    /// <exception cref="CakeException">The pipeline is being aborted. That it could not be run is thrown when it is waited for.</exception>
    [CakeMethodAlias]
    public static ProcessGroup StartAndReturnProcessGroup(this ICakeContext context, FilePath fileName, ProcessGroupSettings settings) =>
        StartAndReturn(context, fileName, settings, out _);

    private static ProcessGroup StartAndReturn(ICakeContext context, FilePath fileName, ProcessGroupSettings settings, out ProcessSettings processSettings, [CallerMemberName] string alias = "")
    {
        Given.NotNull(settings, "the settings", alias);
        processSettings = settings.ToProcessSettings();
        return Start(context, settings.ToolPath ?? fileName, processSettings, settings, alias);
    }

    private static ProcessGroup Start(ICakeContext context, FilePath fileName, ProcessSettings settings, ProcessGroupSettings? options, [CallerMemberName] string alias = "")
    {
        ArgumentNullException.ThrowIfNull(context);
        Given.NotNull(fileName, "the program", alias);
        Given.NotNull(settings, "the settings", alias);
        if (context is ITeardownContext)
        {
            PipelineCancellation.Current.BeginTeardown();
        }

        var environment = context.Environment;
        ProcessGroupRunner runner = new(context.FileSystem, environment, context.Log, context.Configuration);
        try
        {
            return runner.Start(fileName, settings, command =>
                options?.AddTo(command.WithTimeout(Timeout(settings)), options.WorkDirectory?.MakeAbsolute(environment)) ?? command.WithTimeout(Timeout(settings)));
        }
        catch (ArgumentException wrong)
        {
            throw new CakeException($"{fileName}: {wrong.Message}", wrong);
        }
    }

    private static TimeSpan? Timeout(ProcessSettings settings) =>
        settings.Timeout is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static ProcessGroup Run(ProcessGroup process, ProcessSettings settings) =>
        process.Result.EndedBy == RunEnd.TimedOut
            ? throw new TimeoutException($"{RunNarration.Error(RunEnd.TimedOut, Timeout(settings) ?? default)}: {process}")
            : process;
}
