using Orchestrator.Processes;

namespace Orchestrator.Matrix;

/// <summary>An owner as a package build is one: its work directory has a keeper. This program, started once more.</summary>
internal static class KeepingOwner
{
    internal const string Verb = "own";

    internal static IEnumerable<string> CommandLine(string level, string script) =>
        [Path.Combine(AppContext.BaseDirectory, "Orchestrator.Matrix"), Verb, level, script];

    internal static async Task<int> RunAsync(string level, string script)
    {
        using var cancellation = BuildCancellation.Start();
        try
        {
            await using var directory = await WorkRoot.Open().CreateAsync("matrix", null, cancellation.Token);
            var command = SupervisedCommand.Create("bash", "-c", script)
                .WithContainment(Enum.Parse<Containment>(level, ignoreCase: true))
                .WithWorkingDirectory(directory.Path)
                .WithStandardOutput(Console.WriteLine)
                .WithStandardError(Console.Error.WriteLine);
            return (await directory.Contain(command).RunAsync(cancellation.Token, cancellation.KillToken)).ExitCode;
        }
        catch (OperationCanceledException)
        {
            return cancellation.ExitCode!.Value;
        }
    }
}
