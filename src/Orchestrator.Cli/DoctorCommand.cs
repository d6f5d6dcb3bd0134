using System.CommandLine;
using Orchestrator.Processes;

namespace Orchestrator.Cli;

/// <summary><c>orchestrator doctor</c>.</summary>
internal static class DoctorCommand
{
    private static readonly (string Name, string Use)[] Tools =
    [
        ("bash", "runs the functions of PKGBUILDs"),
        ("git", "fetches git+ sources"),
        ("bsdtar", "unpacks archives other than tar, gzip and zip"),
        ("zstd", "compresses packages; gzip without it"),
        ("gpg", "verifies signatures"),
    ];

    internal static Command Create()
    {
        var command = new Command("doctor", "Say what this machine offers");
        command.SetAction(_ => Cancellable.RunAsync(async cancellation =>
        {
            Console.WriteLine($"work root: {WorkRoot.Open().Path}");
            foreach (var (name, use) in Tools)
            {
                var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
                Console.WriteLine($"{name}: {found ?? $"missing ({use})"}");
            }

            Console.WriteLine("containment:");
            var result = await SupervisedCommand.FromSupervisorArguments("--probe").RunAsync(cancellation.Token).ConfigureAwait(false);
            return result.ExitCode;
        }));
        return command;
    }
}
