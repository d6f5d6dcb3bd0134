using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Orchestrator.Processes;

namespace Orchestrator.Cake;

/// <summary>
/// Cake's process runner, but what it starts is ended with the pipeline. Put in place of Cake's own it contains what
/// StartProcess and every tool of Cake start (DotNetBuild, MSBuild, NuGetPack).
/// </summary>
/// <param name="fileSystem">Where programs are looked for.</param>
/// <param name="environment">The working directory.</param>
/// <param name="log">Takes what is said of a run that is ended.</param>
/// <param name="configuration">Settings of Cake.</param>
public sealed class ProcessGroupRunner(IFileSystem fileSystem, ICakeEnvironment environment, ICakeLog log, ICakeConfiguration configuration) : IProcessRunner
{
    /// <summary>Starts a command as Cake's own runner does, but contained.</summary>
    /// <param name="filePath">The program: a path, or a name that is looked up in the working directory and then in <c>PATH</c>.</param>
    /// <param name="settings">How to run it. The timeout is the caller's business, as with Cake's own.</param>
    /// <returns>The running command. That it could not be started is thrown when it is waited for.</returns>
    /// <exception cref="CakeException">The pipeline is being aborted.</exception>
    public IProcess Start(FilePath filePath, ProcessSettings settings)
    {
        ArgumentNullException.ThrowIfNull(filePath);
        ArgumentNullException.ThrowIfNull(settings);
        return Start(filePath, settings, command => command);
    }

    internal ProcessGroup Start(FilePath filePath, ProcessSettings settings, Func<SupervisedCommand, SupervisedCommand> configure)
    {
        var pipeline = PipelineCancellation.Current;
        if (pipeline.RunToken.IsCancellationRequested)
        {
            pipeline.ThrowIfCancelled(log);
        }

        var arguments = settings.Arguments ?? new ProcessArgumentBuilder();
        if (!settings.Silent)
        {
            var showsCommandLine = string.Equals(configuration.GetValue("Settings_ShowProcessCommandLine"), "true", StringComparison.OrdinalIgnoreCase);
            log.Verbose(showsCommandLine ? log.Verbosity : Verbosity.Diagnostic, "Executing: {0}", $"{filePath.FullPath} {arguments.RenderSafe()}".TrimEnd());
        }

        var command = SupervisedCommand.Create(Locate(filePath, settings), CommandLine.Split(arguments.Render()))
            .WithEnvironmentVariable("CAKE", "True")
            .WithEnvironmentVariable("CAKE_VERSION", environment.Runtime.CakeVersion.ToString(3))
            .WithEnvironmentVariables(settings.EnvironmentVariables?.Select(variable => KeyValuePair.Create<string, string?>(Existing(variable.Key), variable.Value)) ?? [])
            .WithEvents(happened => Narrate(happened, pipeline));
        if (pipeline.IsCancelled)
        {
            command = command.WithOwners(RunOwners.Default.Take(1)); // Teardown: whoever started Cake may be gone, and Cake itself is left
        }

        if (!settings.NoWorkingDirectory)
        {
            command = command.WithWorkingDirectory((settings.WorkingDirectory ?? environment.WorkingDirectory).MakeAbsolute(environment).FullPath);
        }

        return ProcessGroup.Start(filePath, configure(command), settings, arguments.FilterUnsafe, pipeline, log);
    }

    private void Narrate(RunEvent happened, PipelineCancellation pipeline)
    {
        // That a script ends what it has started itself is nobody's abort.
        if (happened is RunEvent.Cancelling { Reason: RunEnd.Cancelled } or RunEvent.Signalled { Reason: RunEnd.Cancelled } && !pipeline.IsCancelled)
        {
            return;
        }

        foreach (var line in RunNarration.Lines(happened))
        {
            pipeline.Tell(log, line);
        }
    }

    // Cake does not tell upper from lower case: "path" changes PATH.
    private static string Existing(string variable) => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .FirstOrDefault(known => known.Equals(variable, StringComparison.OrdinalIgnoreCase)) ?? variable;

    // Where .NET looks: beside the running program, in the working directory, in PATH.
    private string Locate(FilePath program, ProcessSettings settings) =>
        !program.IsRelative ? program.FullPath
        : Candidates(program, settings).FirstOrDefault(candidate => fileSystem.GetFile(candidate).Exists)?.FullPath ?? program.FullPath;

    private IEnumerable<FilePath> Candidates(FilePath program, ProcessSettings settings)
    {
        if (System.IO.Path.GetDirectoryName(Environment.ProcessPath) is { Length: > 0 } beside)
        {
            yield return new DirectoryPath(beside).CombineWithFilePath(program);
        }

        yield return program.MakeAbsolute(environment);

        // The supervisor looks in the command's own PATH, which is another one only if it was changed.
        var isChanged = settings.EnvironmentVariables?.Keys.Any(key => key.Equals("PATH", StringComparison.OrdinalIgnoreCase)) ?? false;
        if (isChanged && program.Segments.Length == 1)
        {
            foreach (var folder in (environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return new DirectoryPath(folder).CombineWithFilePath(program);
            }
        }
    }
}
