using Cake.Core;
using Cake.Frosting;
using Orchestrator.Processes;
using Orchestrator.Pkgbuild;

namespace Build;

/// <summary>What every task knows: the repository, the options, the abort.</summary>
public sealed class BuildContext : FrostingContext
{
    public BuildContext(ICakeContext context, PipelineCancellation cancellation)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Cancellation = cancellation;
        Root = FindRoot();
        Packages = [.. context.Arguments.GetArguments("package")];
        Options = new()
        {
            OutputDirectory = context.Arguments.GetArgument("output")
                ?? (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PKGDEST")) ? System.IO.Path.Combine(Root, "artifacts", "packages") : null),
            Force = IsSet("force"),
            Keep = IsSet("keep"),
            NoCheck = IsSet("nocheck"),
            SkipMissingDependencies = true,
        };

        bool IsSet(string name) => context.Arguments.HasArgument(name) && context.Arguments.GetArgument(name) is null or "" or "true";
    }

    public PipelineCancellation Cancellation { get; }

    /// <summary>Root of the repository.</summary>
    public string Root { get; }

    /// <summary>Packages chosen with <c>--package</c>; none means all.</summary>
    public IReadOnlyList<string> Packages { get; }

    public BuildOptions Options { get; }

    /// <summary>Runs a command of the pipeline, contained, and fails the task if it fails.</summary>
    public async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        var command = SupervisedCommand.Create(program, arguments)
            .WithWorkingDirectory(Root)
            .WithStandardOutput(Console.Out.WriteLine)
            .WithStandardError(Console.Error.WriteLine)
            .WithEvents(happened =>
            {
                foreach (var line in RunNarration.Lines(happened))
                {
                    Console.WriteLine(line);
                }
            });
        try
        {
            var result = await command.RunAsync(Cancellation.Token, Cancellation.KillToken);
            if (!result.IsSuccess)
            {
                throw new CakeException($"{program} failed with exit code {result.ExitCode}");
            }
        }
        catch (OperationCanceledException)
        {
            throw Cancellation.Error();
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new CakeException("Orchestrator.sln was not found above the program: run ./build.sh of the repository");
    }
}
